import "@xyflow/react/dist/style.css";

import { Stack, Text, Title, useComputedColorScheme } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import {
  applyNodeChanges,
  Background,
  BaseEdge,
  Controls,
  type EdgeProps,
  getBezierPath,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import { memo, useCallback, useMemo, useState } from "react";

import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { BlockCard } from "../editor/canvas/BlockCard";
import canvas from "../editor/canvas/Canvas.module.css";
import { type BlockNode, cardsOf, edgesOf, type LinkEdge, nodesOf } from "../editor/canvas/nodes";
import { placed, remembered } from "../editor/model/layout";
import { readWorkflow, type Workflow } from "../editor/model/workflow";
import { useBlockTypes } from "../editor/types";
import { BlockDetails } from "./BlockDetails";
import { versionOfRunQuery } from "./queries";
import classes from "./RunCanvas.module.css";
import type { Said } from "./watch";

interface Props {
  run: Execution;
  said: Said;
}

/** The version that ran as a picture in which nothing can be changed; a chosen block's details stand below. */
export default function RunCanvas({ run, said }: Props) {
  const { data: version } = useSuspenseQuery(versionOfRunQuery(run));
  const workflow = useMemo(() => readWorkflow(version.source).workflow, [version.source]);
  const [chosen, choose] = useState<string | null>(null);
  const block = run.blocks.find(({ key }) => key === chosen);
  return (
    <Stack gap="md">
      <div className={classes.frame} role="group" aria-label={t.runs.one.canvas}>
        <ReactFlowProvider>
          <Picture run={run} workflow={workflow} onChoose={choose} />
        </ReactFlowProvider>
      </div>
      {block ? (
        <section>
          <Title order={2} mb="sm">
            {block.name}
          </Title>
          <BlockDetails run={run} block={block} said={said[block.key]} />
        </section>
      ) : (
        <Text size="sm" c="dimmed">
          {t.runs.one.canvasHint}
        </Text>
      )}
    </Stack>
  );
}

const NODE_TYPES = { block: BlockCard };
const EDGE_TYPES = { link: memo(Line) };
const FIT = { padding: 0.1, maxZoom: 1 };
const NONE: never[] = [];

function Line(props: EdgeProps<LinkEdge>) {
  const [path] = getBezierPath(props);
  return <BaseEdge id={props.id} path={path} className={canvas.line} data-taken={props.data?.taken || undefined} />;
}

interface PictureProps {
  run: Execution;
  workflow: Workflow;
  onChoose: (key: string | null) => void;
}

function Picture({ run, workflow, onChoose }: PictureProps) {
  const scheme = useComputedColorScheme("light");
  const types = useBlockTypes();
  const cards = useMemo(
    () => cardsOf({ workflow, types, problems: NONE, runs: run.blocks }),
    [workflow, types, run.blocks],
  );
  const positions = useMemo(
    () => placed(workflow.blocks, remembered(run.workflowId)),
    [workflow.blocks, run.workflowId],
  );
  const edges = useMemo(
    () => edgesOf(workflow, run.blocks, NONE).map((edge) => ({ ...edge, focusable: false })),
    [workflow, run.blocks],
  );
  const [nodes, setNodes] = useState<BlockNode[]>(() => nodesOf(cards, positions, NONE, NONE));
  const [drawn, setDrawn] = useState(cards);
  if (drawn !== cards) {
    setDrawn(cards);
    setNodes(nodesOf(cards, positions, keysOfChosen(nodes), nodes));
  }
  const onNodesChange = useCallback(
    (changes: NodeChange<BlockNode>[]) => {
      setNodes((before) => applyNodeChanges(changes, before));
      for (const change of changes) if (change.type === "select") onChoose(change.selected ? change.id : null);
    },
    [onChoose],
  );
  return (
    <ReactFlow<BlockNode, LinkEdge>
      id="run"
      className={`${canvas.canvas} ${classes.frozen}`}
      colorMode={scheme}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      nodesDraggable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      preventScrolling={false}
      zoomOnScroll={false}
      minZoom={0.1}
      maxZoom={2}
      fitView
      fitViewOptions={FIT}
      ariaLabelConfig={{ "node.a11yDescription.default": t.runs.one.canvasHelp }}
    >
      <Background gap={20} />
      <Controls showInteractive={false} fitViewOptions={FIT} aria-label={t.editor.zoom} />
    </ReactFlow>
  );
}

function keysOfChosen(nodes: readonly BlockNode[]): string[] {
  return nodes.filter((node) => node.selected).map(({ id }) => id);
}
