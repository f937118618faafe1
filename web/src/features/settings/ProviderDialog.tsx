import { Button, Group, Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import type { Provider, Vendor } from "../../api/types";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import { useSaveProvider } from "./queries";

const words = t.settings.models;

interface Props {
  vendor: Vendor;
  provider: Provider | undefined;
  onClose: () => void;
}

/** Sets a vendor up, or replaces its key and address whole: a kept key never goes to a new address. */
export function ProviderDialog({ vendor, provider, onClose }: Props) {
  const compatible = vendor === "compatible";
  const [key, setKey] = useState("");
  const [address, setAddress] = useState(provider?.baseUrl ?? "");
  const save = useSaveProvider(vendor);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { apiKey: key || undefined, baseUrl: address.trim() || undefined },
      {
        onSuccess: () => {
          tellDone(words.saved(words.vendors[vendor]));
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={words.vendors[vendor]} closeButtonProps={{ "aria-label": t.actions.close }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Failure error={save.error} />
          <PasswordInput
            label={words.key}
            description={compatible ? `${words.keyKept} ${words.keyReplace}` : words.keyKept}
            autoComplete="off"
            required={!compatible}
            data-autofocus
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <TextInput
            label={words.address}
            description={compatible ? words.addressNeeded : words.addressHint}
            type="url"
            required={compatible}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
