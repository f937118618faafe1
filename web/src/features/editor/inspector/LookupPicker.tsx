import { ActionIcon, Combobox, Text, Tooltip, useCombobox } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useState } from "react";

import { t } from "../../../texts";
import { type Lookup, lookupsFor } from "../model/lookups";
import { useEditor } from "../store";
import classes from "./Inspector.module.css";

const GROUPS = ["item", "blocks", "variables", "callbacks", "trigger"] as const;

interface Props {
  block: string | null;
  /** The text is of a block that runs for each item of a list. */
  inside?: boolean;
  /** The field it stands at. */
  label: string;
  onPick: (name: string) => void;
}

/** A button that lists everything a text can look up, and puts what is chosen into it. */
export function LookupPicker({ block, inside = false, label, onPick }: Props) {
  const workflow = useEditor((editor) => editor.workflow);
  const [search, setSearch] = useState("");
  const combobox = useCombobox({
    onDropdownClose: () => setSearch(""),
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const wanted = search.trim().toLowerCase();
  const found = combobox.dropdownOpened
    ? lookupsFor(workflow, block, inside).filter((lookup) =>
        `${lookup.name} ${lookup.hint}`.toLowerCase().includes(wanted),
      )
    : [];
  return (
    <Combobox
      store={combobox}
      position="bottom-end"
      width={300}
      withinPortal
      onOptionSubmit={(name) => {
        onPick(name);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Tooltip label={t.editor.lookup}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t.editor.lookupFor(label)}
            aria-haspopup="listbox"
            aria-expanded={combobox.dropdownOpened}
            onClick={() => combobox.toggleDropdown()}
          >
            <IconBraces size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={t.editor.lookupSearch}
          aria-label={t.editor.lookupSearch}
        />
        <Combobox.Options aria-label={t.editor.lookup} className={classes.options} tabIndex={0}>
          {GROUPS.map((group) => (
            <LookupGroup key={group} group={group} lookups={found.filter((lookup) => lookup.group === group)} />
          ))}
          {found.length === 0 && <Combobox.Empty>{t.editor.nothingFound}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function LookupGroup({ group, lookups }: { group: Lookup["group"]; lookups: Lookup[] }) {
  if (lookups.length === 0) return null;
  return (
    <Combobox.Group label={t.editor.lookupGroups[group]}>
      {lookups.map((lookup) => (
        <Combobox.Option key={lookup.name} value={lookup.name}>
          <Text size="sm" className={classes.monospace}>
            {lookup.name}
          </Text>
          {lookup.hint && (
            <Text size="xs" c="dimmed">
              {lookup.hint}
            </Text>
          )}
        </Combobox.Option>
      ))}
    </Combobox.Group>
  );
}
