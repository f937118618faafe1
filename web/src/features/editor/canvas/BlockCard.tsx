import { IconAlertTriangle } from "@tabler/icons-react";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";

import { t } from "../../../texts";
import { StatusDot } from "../../../ui/StatusBadge";
import { BlockIcon } from "../icons";
import classes from "./Canvas.module.css";
import { type BlockNode, handleOf, WHOLE } from "./nodes";

/** A block on the canvas: what it is, what it does, how it fared. */
export const BlockCard = memo(function BlockCard({ data, selected }: NodeProps<BlockNode>) {
  return (
    <div
      className={classes.card}
      data-selected={selected || undefined}
      data-disabled={data.disabled || undefined}
      data-problem={data.problems > 0 || undefined}
      data-status={data.status ?? undefined}
    >
      <Handle type="target" position={Position.Left} id="in" className={classes.handle} />
      <div className={classes.head}>
        <span className={classes.icon}>
          <BlockIcon name={data.icon} size={18} />
        </span>
        <span className={classes.words}>
          <span className={classes.name}>{data.name}</span>
          <span className={classes.summary}>{data.disabled ? t.editor.isOff : data.summary || data.title}</span>
        </span>
        {data.problems > 0 && (
          <span className={classes.problem} role="img" aria-label={t.editor.problemCount(data.problems)}>
            <IconAlertTriangle size={16} aria-hidden />
          </span>
        )}
        {data.status && <StatusDot status={data.status} />}
        <Handle type="source" position={Position.Right} id={WHOLE} className={classes.handle} />
      </div>
      {data.branches.map((branch) => (
        <div key={branch} className={classes.branch} data-taken={data.branch === branch || undefined}>
          {branch}
          <Handle type="source" position={Position.Right} id={handleOf(branch)} className={classes.handle} />
        </div>
      ))}
    </div>
  );
});
