import { ActionIcon, Button, Card, Group, Input, SegmentedControl, Select, Stack, Switch, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { t } from "../../../texts";
import { isRecord, plainText } from "../model/workflow";
import classes from "./Inspector.module.css";
import { NameInput } from "./PairsField";
import {
  freshProperty,
  propertiesOf,
  type Property,
  PROPERTY_TYPES,
  type PropertyType,
  withProperties,
} from "./structure";
import { TextField } from "./TextField";
import { writtenValue } from "./values";

interface Props {
  label: string;
  description?: string;
  error?: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

type View = "text" | "fields" | "json";

/** The form of a model's answer: a text, or an object whose fields are listed, or written as a JSON schema. */
export function StructureField({ label, description, error, value, onChange }: Props) {
  const words = t.editor.structure;
  const schema = isRecord(value) ? value : null;
  const properties = schema && propertiesOf(schema);
  const [asJson, setAsJson] = useState(false);
  const view: View = schema === null ? "text" : properties === null || asJson ? "json" : "fields";
  const change = (next: View) => {
    setAsJson(next === "json");
    if (next === "text") onChange(undefined);
    else if (schema === null) onChange(withProperties({}, [freshProperty([])]));
  };
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div" role="group">
      <SegmentedControl
        fullWidth
        size="xs"
        mt="xs"
        aria-label={label}
        value={view}
        onChange={(next) => change(next)}
        data={[
          { value: "text", label: words.text },
          { value: "fields", label: words.fields, disabled: schema !== null && properties === null },
          { value: "json", label: words.json },
        ]}
      />
      {view === "fields" && schema && properties && (
        <Properties properties={properties} onChange={(next) => onChange(withProperties(schema, next))} />
      )}
      {view === "json" && (
        <Stack gap="xs" mt="sm">
          {properties === null && (
            <Text size="xs" c="dimmed">
              {words.more}
            </Text>
          )}
          <TextField
            label={words.json}
            hideLabel
            monospace
            lines={8}
            value={JSON.stringify(schema, null, 2)}
            onChange={(text) => onChange(writtenValue(text))}
          />
        </Stack>
      )}
    </Input.Wrapper>
  );
}

interface PropertiesProps {
  properties: readonly Property[];
  onChange: (properties: readonly Property[]) => void;
}

function Properties({ properties, onChange }: PropertiesProps) {
  const names = properties.map((property) => property.name);
  const replace = (at: number, change: Partial<Property>) =>
    onChange(properties.map((property, i) => (i === at ? { ...property, ...change } : property)));
  return (
    <Stack gap="xs" mt="sm">
      {properties.map((property, at) => (
        <PropertyCard
          key={at}
          property={property}
          taken={names}
          onChange={(change) => replace(at, change)}
          onRemove={() => onChange(properties.filter((_, i) => i !== at))}
        />
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...properties, freshProperty(properties)])}
        >
          {t.editor.structure.add}
        </Button>
      </div>
    </Stack>
  );
}

interface PropertyProps {
  property: Property;
  taken: readonly string[];
  onChange: (change: Partial<Property>) => void;
  onRemove: () => void;
}

function PropertyCard({ property, taken, onChange, onRemove }: PropertyProps) {
  const words = t.editor.structure;
  const { name, type, description, required } = property;
  return (
    <Card withBorder padding="sm" className={classes.variable} role="group" aria-label={name}>
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap">
          <div className={classes.grow}>
            <NameInput
              label={words.name(name)}
              value={name}
              onChange={(next) => next !== "" && !taken.includes(next) && onChange({ name: next })}
            />
          </div>
          <ActionIcon variant="subtle" color="gray" aria-label={t.editor.remove(name)} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
        <Select
          aria-label={words.type(name)}
          allowDeselect={false}
          data={PROPERTY_TYPES.map((one) => ({ value: one, label: words.types[one] }))}
          value={type}
          onChange={(next) => onChange({ type: plainText(next) as PropertyType })}
        />
        <TextField
          label={words.description(name)}
          hideLabel
          placeholder={t.editor.description}
          value={description}
          onChange={(text) => onChange({ description: text })}
        />
        <Switch
          size="xs"
          label={t.editor.required}
          checked={required}
          onChange={(event) => onChange({ required: event.currentTarget.checked })}
        />
      </Stack>
    </Card>
  );
}
