import { t } from "../texts";
import classes from "./Ago.module.css";
import { ago, fullMoment } from "./time";
import { useNow } from "./useNow";

const STEP_MS = 20_000;

/** When something was, as a distance from now; the exact moment is its hint. */
export function Ago({ at }: { at: string | null }) {
  const now = useNow(STEP_MS);
  if (at === null) return t.time.never;
  return (
    <time className={classes.ago} dateTime={at} title={fullMoment(at)}>
      {ago(at, now)}
    </time>
  );
}
