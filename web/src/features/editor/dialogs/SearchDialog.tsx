import { Combobox, Modal, useCombobox } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

import { t } from "../../../texts";
import classes from "./Dialogs.module.css";

export interface Choice {
  id: string;
  /** What is searched in. */
  words: string;
  content: ReactNode;
}

interface Props {
  title: string;
  search: string;
  results: string;
  choices: readonly Choice[];
  onPick: (id: string) => void;
  onClose: () => void;
}

/** A dialog with a search field and a list, worked by keyboard: type, arrows, Enter. */
export function SearchDialog({ title, search, results, choices, onPick, onClose }: Props) {
  const [wanted, setWanted] = useState("");
  const combobox = useCombobox();
  // Opened once the list is there, which is then named as what the field controls.
  const { openDropdown } = combobox;
  useEffect(() => openDropdown(), [openDropdown]);
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = ranked(choices, words);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": t.actions.close }} yOffset="12vh">
      <Combobox store={combobox} onOptionSubmit={onPick}>
        <Combobox.EventsTarget withExpandedAttribute>
          <input
            role="combobox"
            className={classes.search}
            data-autofocus
            value={wanted}
            placeholder={search}
            aria-label={search}
            onChange={(event) => {
              setWanted(event.currentTarget.value);
              combobox.resetSelectedOption();
            }}
            onKeyDown={(event) => {
              if (event.key === "Escape") onClose();
              const first = found[0];
              if (event.key === "Enter" && combobox.getSelectedOptionIndex() < 0 && first) onPick(first.id);
            }}
          />
        </Combobox.EventsTarget>
        <Combobox.Options aria-label={results} mt="sm" className={classes.options} tabIndex={0}>
          {found.map((choice) => (
            <Combobox.Option key={choice.id} value={choice.id}>
              {choice.content}
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t.editor.nothingFound}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox>
    </Modal>
  );
}

/** What has all the words; what begins with the first of them stands before what only has it somewhere. */
function ranked(choices: readonly Choice[], words: readonly string[]): Choice[] {
  const found = choices.filter((choice) => words.every((word) => choice.words.toLowerCase().includes(word)));
  const [first = ""] = words;
  const begins = (choice: Choice) => choice.words.toLowerCase().startsWith(first);
  return [...found.filter(begins), ...found.filter((choice) => !begins(choice))];
}
