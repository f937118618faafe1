import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { isLive } from "../../../ui/status";
import { runQuery } from "../../runs/queries";
import { useWatchedRun } from "../../runs/watch";
import { useRun } from "./store";

/** Keeps what is shown of a run up to date while it lives. Shows nothing itself. */
export function RunFollower({ id }: { id: string }) {
  const { data } = useQuery(runQuery(id));
  const said = useWatchedRun(id, data === undefined || isLive(data.status));
  useEffect(() => {
    if (data) useRun.setState((state) => (state.id === id ? { execution: data, said } : state));
  }, [id, data, said]);
  return null;
}
