import { Box } from "@mantine/core";

import { t } from "../texts";
import classes from "./CodeBlock.module.css";
import { CopyIcon } from "./CopyButton";

interface Props {
  text: string;
  /** What the text is, for its copy button and screen readers. */
  label: string;
  /** Whether long lines are broken instead of scrolled to. */
  wrap?: boolean;
}

/** Text as it is, in a box that scrolls, with a button that copies it. */
export function CodeBlock({ text, label, wrap }: Props) {
  return (
    <Box className={classes.frame}>
      <pre className={classes.code} data-wrap={wrap || undefined} tabIndex={0} role="group" aria-label={label}>
        {text}
      </pre>
      <Box className={classes.copy}>
        <CopyIcon value={text} label={t.actions.copyOf(label)} />
      </Box>
    </Box>
  );
}
