import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Navigate, useRouter, useRouterState, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { client, take } from "../../api/client";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { Notice } from "../../ui/Notice";
import { EntryCard } from "./EntryCard";
import { linkOf } from "./link";
import { leave } from "./session";

/** Signing in with e-mail and password. A one-time link that leads here goes on to the welcome page. */
export function SignInPage() {
  const hash = useRouterState({ select: (state) => state.location.hash });
  if (linkOf(hash)) return <Navigate to="/welcome" hash={hash} replace />;
  return <SignIn />;
}

function SignIn() {
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => take(client.POST("/api/v1/session", { body: { email, password } })),
    onSuccess: async () => {
      leave();
      await router.navigate({ href: next ?? "/workflows", replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <EntryCard title={t.account.signInTitle}>
      <Waiting />
      <form onSubmit={submit}>
        <Stack gap="md">
          <Failure error={signIn.error} />
          <TextInput
            label={t.account.email}
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.account.password}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth>
            {t.account.signIn}
          </Button>
          <Text size="xs" c="dimmed">
            {t.account.forgotten}
          </Text>
        </Stack>
      </form>
    </EntryCard>
  );
}

function Waiting() {
  const { data } = useQuery({ queryKey: ["setup"], queryFn: () => take(client.GET("/api/v1/setup")) });
  return data?.needsSetup ? (
    <Notice tone="running" icon={IconInfoCircle}>
      {t.account.waiting}
    </Notice>
  ) : null;
}
