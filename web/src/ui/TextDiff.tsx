import { type Change, diffLines, diffWordsWithSpace } from "diff";
import { useMemo } from "react";

import classes from "./TextDiff.module.css";

/** From this length on lines are compared instead of words, which is much quicker. */
const LONG = 20_000;

interface Props {
  before: string;
  after: string;
  label: string;
}

/** What changed between two texts: struck out and added, within the text that stayed. */
export function TextDiff({ before, after, label }: Props) {
  const changes = useMemo(() => compare(before, after), [before, after]);
  return (
    <div className={classes.diff} role="group" aria-label={label} tabIndex={0}>
      {changes.map((change, index) => (
        <Piece key={index} change={change} />
      ))}
    </div>
  );
}

function Piece({ change: { added, removed, value } }: { change: Change }) {
  if (added) return <ins className={classes.added}>{value}</ins>;
  if (removed) return <del className={classes.removed}>{value}</del>;
  return <span>{value}</span>;
}

function compare(before: string, after: string): Change[] {
  return before.length + after.length > LONG ? diffLines(before, after) : diffWordsWithSpace(before, after);
}
