import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Provider, Vendor } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { Confirm } from "../../ui/Confirm";
import { tellDone } from "../../ui/failures";
import { Notice } from "../../ui/Notice";
import { ProviderDialog } from "./ProviderDialog";
import { providersQuery, useIsAdmin, useRemoveProvider } from "./queries";
import { TestDialog } from "./TestDialog";

const words = t.settings.models;
const VENDORS = Object.keys(words.vendors) as Vendor[];

/** The vendors of models: which are set up, and setting one up. */
export function ModelsPage() {
  const { data: providers } = useSuspenseQuery(providersQuery);
  const admin = useIsAdmin();
  return (
    <Stack gap="md" maw="48rem">
      <Text size="sm" c="dimmed">
        {words.text} {admin ? words.byOperator : words.readOnly}
      </Text>
      {providers.length === 0 && (
        <Notice tone="running" icon={IconInfoCircle}>
          {words.demo}
        </Notice>
      )}
      {VENDORS.map((vendor) => (
        <VendorCard
          key={vendor}
          vendor={vendor}
          provider={providers.find((provider) => provider.vendor === vendor)}
          admin={admin}
        />
      ))}
    </Stack>
  );
}

type Opened = "set up" | "test" | "remove" | null;

interface CardProps {
  vendor: Vendor;
  provider: Provider | undefined;
  admin: boolean;
}

function VendorCard({ vendor, provider, admin }: CardProps) {
  const [opened, open] = useState<Opened>(null);
  const close = () => open(null);
  const name = words.vendors[vendor];
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" gap="sm">
        <div>
          <Group gap="sm">
            <Title order={3}>{name}</Title>
            <Badge variant={provider ? "light" : "default"} color={provider ? "green" : undefined}>
              {provider ? words.ready : words.notSetUp}
            </Badge>
          </Group>
          {provider && (
            <Text size="xs" c="dimmed" mt="xs">
              {provider.baseUrl ? `${provider.baseUrl} · ` : ""}
              {words.since} <Ago at={provider.createdAt} />
            </Text>
          )}
        </div>
        {admin && <VendorButtons name={name} ready={provider !== undefined} open={open} />}
      </Group>
      {opened === "set up" && <ProviderDialog vendor={vendor} provider={provider} onClose={close} />}
      {opened === "test" && <TestDialog vendor={vendor} onClose={close} />}
      <RemoveDialog vendor={vendor} opened={opened === "remove"} onClose={close} />
    </Paper>
  );
}

function VendorButtons({ name, ready, open }: { name: string; ready: boolean; open: (what: Opened) => void }) {
  if (!ready) {
    return (
      <Button size="xs" variant="default" aria-label={words.setUpOf(name)} onClick={() => open("set up")}>
        {words.setUp}
      </Button>
    );
  }
  return (
    <Group gap="sm">
      <Button size="xs" variant="default" aria-label={words.testOf(name)} onClick={() => open("test")}>
        {words.test}
      </Button>
      <Button size="xs" variant="default" aria-label={words.changeOf(name)} onClick={() => open("set up")}>
        {words.change}
      </Button>
      <Button
        size="xs"
        variant="outline"
        color="red"
        aria-label={words.removeTitle(name)}
        onClick={() => open("remove")}
      >
        {words.remove}
      </Button>
    </Group>
  );
}

function RemoveDialog({ vendor, opened, onClose }: { vendor: Vendor; opened: boolean; onClose: () => void }) {
  const remove = useRemoveProvider();
  const name = words.vendors[vendor];
  const confirm = async () => {
    await remove.mutateAsync(vendor);
    tellDone(words.removed(name));
    onClose();
  };
  return (
    <Confirm
      opened={opened}
      title={words.removeTitle(name)}
      text={words.removeText}
      action={words.remove}
      busy={remove.isPending}
      onConfirm={() => void confirm().catch(onClose)}
      onClose={onClose}
    />
  );
}
