import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";

import type { components } from "../../api/schema";
import type { Vendor } from "../../api/types";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { Notice } from "../../ui/Notice";
import { duration } from "../../ui/time";
import { useTestProvider } from "./queries";

const words = t.settings.models;

/** Asks one of a vendor's models a short question, and tells how it went. */
export function TestDialog({ vendor, onClose }: { vendor: Vendor; onClose: () => void }) {
  const [model, setModel] = useState("");
  const test = useTestProvider(vendor);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate(model.trim());
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.testTitle(words.vendors[vendor])}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {words.testText}
          </Text>
          <TextInput
            label={words.testModel}
            placeholder={words.examples[vendor]}
            required
            data-autofocus
            value={model}
            onChange={(event) => setModel(event.currentTarget.value)}
          />
          <div role="status">
            <Failure error={test.error} />
            {test.data && <Result trial={test.data} />}
          </div>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t.actions.close}
            </Button>
            <Button type="submit" loading={test.isPending}>
              {words.test}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Result({ trial }: { trial: components["schemas"]["TrialOut"] }) {
  return (
    <Notice
      tone={trial.ok ? "completed" : "failed"}
      icon={trial.ok ? IconCheck : IconAlertTriangle}
      title={trial.ok ? words.testOk(duration(trial.milliseconds)) : words.testFailed}
    >
      {trial.message}
    </Notice>
  );
}
