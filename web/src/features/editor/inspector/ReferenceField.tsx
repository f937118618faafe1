import { Select } from "@mantine/core";

import { useChoices } from "./references";
import type { Reference } from "./schema";

interface Props {
  reference: Reference;
  label: string;
  description?: string;
  error?: string;
  required: boolean;
  value: string;
  placeholder?: string;
  onChange: (value: string | undefined) => void;
}

/** Something of the project, chosen by its name. */
export function ReferenceField({ reference, value, required, onChange, ...common }: Props) {
  const { choices, none } = useChoices(reference);
  const known = value === "" || choices.some((choice) => choice.value === value);
  return (
    <Select
      {...common}
      required={required}
      searchable
      clearable={!required}
      // What the file names stays, although it may not exist any more.
      data={known ? choices : [...choices, { value, label: value }]}
      value={value || null}
      nothingFoundMessage={none}
      onChange={(choice) => onChange(choice ?? undefined)}
    />
  );
}
