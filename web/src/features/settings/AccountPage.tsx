import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { meQuery } from "../../api/queries";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import { Section } from "../../ui/Section";
import { ThemeChoice } from "../shell/UserMenu";
import { useChangePassword, useChangeProfile } from "./queries";
import { Sessions } from "./Sessions";

const words = t.settings.account;

/** Oneself: name and address, password, theme, and where one is signed in. */
export function AccountPage() {
  return (
    <Stack gap="lg" maw="40rem">
      <Section title={words.profile}>
        <Profile />
      </Section>
      <Section title={words.password}>
        <Password />
      </Section>
      <Section title={words.theme} text={words.themeHint}>
        <ThemeChoice />
      </Section>
      <Section title={words.sessions}>
        <Sessions />
      </Section>
    </Stack>
  );
}

function Profile() {
  const { data: me } = useSuspenseQuery(meQuery);
  const [name, setName] = useState(me.user.name);
  const [email, setEmail] = useState(me.user.email);
  const [password, setPassword] = useState("");
  const change = useChangeProfile();
  const moved = email !== me.user.email;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(moved ? { name, email, currentPassword: password } : { name }, {
      onSuccess: () => {
        setPassword("");
        tellDone(words.saved);
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Failure error={change.error} />
        <TextInput
          label={words.name}
          autoComplete="name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={words.email}
          type="email"
          autoComplete="email"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {moved && (
          <PasswordInput
            label={words.currentPassword}
            description={words.emailNeedsPassword}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <Button type="submit" w="fit-content" loading={change.isPending} disabled={!moved && name === me.user.name}>
          {t.actions.save}
        </Button>
      </Stack>
    </form>
  );
}

function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { currentPassword: current, newPassword: next },
      {
        onSuccess: () => {
          setCurrent("");
          setNext("");
          tellDone(words.passwordChanged);
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Failure error={change.error} />
        <PasswordInput
          label={words.currentPassword}
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.newPassword}
          autoComplete="new-password"
          required
          minLength={10}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          {t.account.passwordHint}
        </Text>
        <Button type="submit" w="fit-content" loading={change.isPending}>
          {words.changePassword}
        </Button>
      </Stack>
    </form>
  );
}
