import { useEffect, useState } from "react";

import { connectionLost } from "../../api/connection";
import { usePlace } from "../../api/place";
import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { isLive } from "../../ui/status";
import { type Answers, withPiece } from "../agents/live";
import { type Heard, heardItems } from "./mapItems";
import { keepRun } from "./queries";

/** What running blocks say meanwhile, by block: the text of models as it comes, lines of a log, and how far it is. */
export type Said = Readonly<Record<string, { text: string; log: string; answers: Answers; items?: Heard }>>;

interface BlockEvent {
  key: string;
  kind: string;
  data: Readonly<Record<string, unknown>>;
}

/** Follow a run for as long as it lives; the cache has its newest state, the answer what its blocks say. */
export function useWatchedRun(id: string, live: boolean): Said {
  const [said, setSaid] = useState<{ id: string; blocks: Said }>({ id, blocks: {} });
  useEffect(() => {
    if (!live) return;
    return whileVisible(() =>
      follow(id, (block) => {
        setSaid((before) => ({ id, blocks: heard(before.id === id ? before.blocks : {}, block) }));
      }),
    );
  }, [id, live]);
  return said.id === id ? said.blocks : {};
}

/** Take what the server sends about a run until it is over or the returned function is called. */
function follow(id: string, onBlock: (event: BlockEvent) => void): () => void {
  const source = new EventSource(eventsAddress(id));
  source.addEventListener("execution", (event: MessageEvent<string>) => {
    const run = JSON.parse(event.data) as Execution;
    keepRun(run);
    if (!isLive(run.status)) source.close();
  });
  source.addEventListener("block", (event: MessageEvent<string>) => onBlock(JSON.parse(event.data) as BlockEvent));
  // The browser connects again by itself, and then gets the present state.
  source.addEventListener("error", connectionLost);
  return () => source.close();
}

/**
 * Start something when the page can be seen and stop it when not. A browser opens six connections to one server, for
 * all of its tabs together: six runs followed in tabs nobody looks at would leave none for the seventh.
 */
function whileVisible(start: () => () => void): () => void {
  let stop: (() => void) | undefined;
  const look = () => {
    if (document.visibilityState === "visible") stop ??= start();
    else {
      stop?.();
      stop = undefined;
    }
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    stop?.();
  };
}

/** What is known of the blocks after one more event. */
export function heard(said: Said, { key, kind, data }: BlockEvent): Said {
  const before = said[key] ?? { text: "", log: "", answers: [] };
  if (kind === "items") return { ...said, [key]: { ...before, items: heardItems(data) ?? before.items } };
  // Thousands of items can speak at the same time; what each came to is in their list.
  if (data.item !== undefined) return said;
  if (kind === "text") {
    const answers = withPiece(before.answers, data);
    return { ...said, [key]: { ...before, answers, text: answers.map(({ text }) => text).join("\n\n") } };
  }
  if (kind === "tool" && data.arguments !== undefined) {
    const line = `${t.agents.wants(textOf(data.tool))} ${JSON.stringify(data.arguments)}\n`;
    return { ...said, [key]: { ...before, log: before.log + line } };
  }
  if (kind === "log") return { ...said, [key]: { ...before, log: before.log + textOf(data.text) } };
  return said;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function eventsAddress(id: string): string {
  const { organization } = usePlace.getState();
  // An event source sends no headers of ours.
  const place = organization ? `?organization=${encodeURIComponent(organization)}` : "";
  return `/api/v1/executions/${encodeURIComponent(id)}/events${place}`;
}
