import { useEffect, useRef, useState } from "react";

const QUIET_MS = 250;

const waiting = new Set<Draft>();

/** Hand on at once what was typed and still waits for a rest, before the file is saved or run. */
export function flushDrafts(): void {
  [...waiting].forEach((draft) => draft.flush());
}

/** A text on its way from a field to the file. */
class Draft {
  commit: (text: string) => void = () => undefined;
  private waiting: { text: string; timer: number } | null = null;

  typed(text: string): void {
    this.drop();
    this.waiting = { text, timer: window.setTimeout(() => this.flush(), QUIET_MS) };
    waiting.add(this);
  }

  flush(): void {
    const pending = this.waiting;
    this.drop();
    if (pending) this.commit(pending.text);
  }

  drop(): void {
    if (this.waiting) window.clearTimeout(this.waiting.timer);
    this.waiting = null;
    waiting.delete(this);
  }
}

/**
 * A text while it is typed: shown at once, handed on when typing rests, when the field is left, and when it goes away.
 * What changes elsewhere meanwhile (undo, the YAML view) is taken over.
 */
export function useDraft(value: string, commit: (text: string) => void) {
  const [shown, setShown] = useState(value);
  const [seen, setSeen] = useState(value);
  const draft = useRef<Draft>(null);
  if (seen !== value) {
    setSeen(value);
    setShown(value);
  }
  useEffect(() => {
    draft.current ??= new Draft();
    draft.current.commit = commit;
  });
  useEffect(() => () => draft.current?.flush(), []);
  const change = (text: string) => {
    setShown(text);
    draft.current?.typed(text);
  };
  return { shown, change, flush: () => draft.current?.flush() };
}
