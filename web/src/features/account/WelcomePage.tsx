import { Button, Center, Loader, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { client, take } from "../../api/client";
import type { components } from "../../api/schema";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { ButtonLink } from "../../ui/links";
import { EntryCard } from "./EntryCard";
import { linkOf } from "./link";
import { leave } from "./session";

type Holder = components["schemas"]["LinkHolderOut"];

/** Where a one-time link leads: a first account, or a new password. Opening the page does not use the link up. */
export function WelcomePage() {
  const token = linkOf(useRouterState({ select: (state) => state.location.hash })) ?? "";
  const { data: holder, isPending } = useQuery({
    queryKey: ["link", token],
    queryFn: () => take(client.POST("/api/v1/setup/inspect", { body: { token } })),
    staleTime: Infinity,
    retry: false,
  });
  if (isPending) {
    return (
      <Center mih="100dvh">
        <Loader size="sm" aria-label={t.shell.loading} />
      </Center>
    );
  }
  return holder ? <UseLink token={token} holder={holder} /> : <BadLink />;
}

function BadLink() {
  return (
    <EntryCard title={t.account.linkBad} text={t.account.linkBadHint}>
      <ButtonLink to="/sign-in" search={{}} variant="default">
        {t.account.toSignIn}
      </ButtonLink>
    </EntryCard>
  );
}

function UseLink({ token, holder }: { token: string; holder: Holder }) {
  const router = useRouter();
  // The first owner's account has an address that nobody can have, until its person comes.
  const placeholder = holder.email.endsWith("@localhost");
  const [name, setName] = useState(placeholder ? "" : holder.name);
  const [email, setEmail] = useState(placeholder ? "" : holder.email);
  const [password, setPassword] = useState("");
  const account = holder.newAccount ? { name, email } : {};
  const use = useMutation({
    mutationFn: () => take(client.POST("/api/v1/setup", { body: { token, password, ...account } })),
    onSuccess: async () => {
      leave();
      await router.navigate({ to: "/workflows", search: {}, replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    use.mutate();
  };
  return (
    <EntryCard
      title={t.account.welcomeTitle}
      text={holder.newAccount ? t.account.welcomeNew : t.account.welcomeBack(holder.email)}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Failure error={use.error} />
          {holder.newAccount && (
            <>
              <TextInput
                label={t.account.name}
                autoComplete="name"
                required
                autoFocus
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                label={t.account.email}
                type="email"
                autoComplete="username"
                required
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
            </>
          )}
          <PasswordInput
            label={t.account.password}
            autoComplete="new-password"
            required
            minLength={10}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Text size="xs" c="dimmed">
            {t.account.passwordHint}
          </Text>
          <Button type="submit" loading={use.isPending} fullWidth>
            {holder.newAccount ? t.account.createAccount : t.account.setPassword}
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
