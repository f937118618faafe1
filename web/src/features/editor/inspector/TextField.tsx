import { Group, Input, Textarea, TextInput } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useRef } from "react";

import { withLookup } from "../model/lookups";
import classes from "./Inspector.module.css";
import { LookupPicker } from "./LookupPicker";
import { useDraft } from "./useDraft";

export interface TextFieldProps {
  label: string;
  /** For what is read out only: the label is not shown. */
  hideLabel?: boolean;
  description?: string;
  error?: string;
  value: string;
  onChange: (text: string) => void;
  required?: boolean;
  placeholder?: string;
  /** How names are looked up in it, if they are. */
  looksUp?: "template" | "condition";
  /** The block whose upstream can be named. */
  block?: string | null;
  /** It stands in a block that runs for each item of a list. */
  inside?: boolean;
  lines?: number;
  monospace?: boolean;
}

/** A text of a block or workflow, with a picker for what it can look up. */
export function TextField(props: TextFieldProps) {
  const { label, hideLabel, description, error, value, onChange, looksUp, lines = 1 } = props;
  const { shown, change, flush } = useDraft(value, onChange);
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  // Before it was entered it has no cursor of the user's, and what is inserted goes to its end.
  const entered = useRef(false);
  const id = useId();
  const insert = (name: string) => {
    const from = (entered.current ? field.current?.selectionStart : null) ?? shown.length;
    const to = (entered.current ? field.current?.selectionEnd : null) ?? from;
    const { text, caret } = withLookup(shown, name, { from, to, condition: looksUp === "condition" });
    change(text);
    flush();
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  const common = {
    ref: field,
    id,
    value: shown,
    error: error !== undefined,
    placeholder: props.placeholder,
    onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
    onFocus: () => {
      entered.current = true;
    },
    onBlur: flush,
    "aria-label": hideLabel ? label : undefined,
    "aria-describedby": [description && `${id}-d`, error && `${id}-e`].filter(Boolean).join(" ") || undefined,
    "aria-invalid": error !== undefined || undefined,
    spellCheck: !(props.monospace ?? looksUp === "condition"),
    classNames: { input: props.monospace || looksUp === "condition" ? classes.monospace : undefined },
  };
  const picker = looksUp && (
    <LookupPicker block={props.block ?? null} inside={props.inside} label={label} onPick={insert} />
  );
  return (
    <div>
      {!hideLabel && (
        <Group justify="space-between" align="center" wrap="nowrap" mih={26}>
          <Input.Label htmlFor={id} required={props.required}>
            {label}
          </Input.Label>
          {picker}
        </Group>
      )}
      {description && (
        <Input.Description id={`${id}-d`} mb={4}>
          {description}
        </Input.Description>
      )}
      {lines > 1 ? (
        <Textarea {...common} autosize minRows={lines} maxRows={18} />
      ) : (
        <TextInput {...common} rightSection={hideLabel ? picker : undefined} />
      )}
      {error && (
        <Input.Error id={`${id}-e`} mt={4}>
          {error}
        </Input.Error>
      )}
    </div>
  );
}
