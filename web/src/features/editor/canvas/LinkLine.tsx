import { IconPlus } from "@tabler/icons-react";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";

import { t } from "../../../texts";
import { show } from "../ui";
import classes from "./Canvas.module.css";
import type { LinkEdge } from "./nodes";

/** A line between blocks, with a `+` in its middle that puts a block between. */
export const LinkLine = memo(function LinkLine(props: EdgeProps<LinkEdge>) {
  const { data, id, source, target, selected } = props;
  const [path, x, y] = getBezierPath(props);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={18}
        className={classes.line}
        data-taken={data?.taken || undefined}
        data-selected={selected || undefined}
      />
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`nodrag nopan ${classes.insert}`}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          aria-label={t.editor.insertBetween(source, target)}
          title={t.editor.insertHere}
          onClick={() => data && show({ picking: { between: data.link } })}
        >
          <IconPlus size={12} aria-hidden />
        </button>
      </EdgeLabelRenderer>
    </>
  );
});
