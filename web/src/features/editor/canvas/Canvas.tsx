import "@xyflow/react/dist/style.css";

import { Button, Text, useComputedColorScheme } from "@mantine/core";
import { useDidUpdate } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import {
  applyNodeChanges,
  Background,
  ConnectionLineType,
  Controls,
  type EdgeMouseHandler,
  type FinalConnectionState,
  type IsValidConnection,
  MiniMap,
  type NodeChange,
  type NodeMouseHandler,
  type OnConnect,
  Panel,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import { useCallback, useMemo, useState } from "react";

import { t } from "../../../texts";
import { canConnect, connect } from "../editing";
import type { Point, Positions } from "../model/layout";
import { useRun } from "../run/store";
import { useEditor, useEditorStore } from "../store";
import { useBlockTypes } from "../types";
import { show, useUi } from "../ui";
import { BlockCard } from "./BlockCard";
import classes from "./Canvas.module.css";
import { LinkLine } from "./LinkLine";
import { type BlockNode, branchOf, cardsOf, edgesOf, type LinkEdge, nodesOf } from "./nodes";

const NODE_TYPES = { block: BlockCard };
const EDGE_TYPES = { link: LinkLine };
const FIT = { padding: 0.15, maxZoom: 1 };
const MANY = 80;
const SEVERAL = ["Meta", "Control"];
const WORDS = { "node.a11yDescription.default": t.editor.nodeHelp };
const NO_RUNS: never[] = [];

// What the canvas is given stays the same from one drawing to the next: else every card would be drawn anew while one is
// dragged.
const chooseLine: EdgeMouseHandler<LinkEdge> = (_event, edge) => edge.data && show({ links: [edge.data.link] });
const chooseNoLine = () => show({ links: [] });
const rename: NodeMouseHandler<BlockNode> = (_event, node) => show({ renaming: node.id });
const openPanel = () => show({ links: [], panelOpen: true });

/** The workflow as a picture that is worked on. */
export function Canvas() {
  const store = useEditorStore();
  const scheme = useComputedColorScheme("light");
  const { nodes, onNodesChange, edges } = usePicture();
  const picking = useConnectionDrop();
  const onConnect: OnConnect = useCallback(
    ({ source, sourceHandle, target }) => connect(store, source, branchOf(sourceHandle), target),
    [store],
  );
  const isValid: IsValidConnection<LinkEdge> = useCallback(
    ({ source, target }) => canConnect(store, source, target),
    [store],
  );
  useArrangedFit();
  return (
    <ReactFlow<BlockNode, LinkEdge>
      id="canvas"
      className={classes.canvas}
      colorMode={scheme}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onConnect={onConnect}
      onConnectEnd={picking}
      isValidConnection={isValid}
      onEdgeClick={chooseLine}
      onPaneClick={chooseNoLine}
      onNodeDoubleClick={rename}
      onNodeClick={openPanel}
      connectionLineType={ConnectionLineType.Bezier}
      selectionMode={SelectionMode.Partial}
      multiSelectionKeyCode={SEVERAL}
      selectionKeyCode="Shift"
      deleteKeyCode={null}
      minZoom={0.1}
      maxZoom={2}
      fitView
      fitViewOptions={FIT}
      onlyRenderVisibleElements={nodes.length > MANY}
      elevateEdgesOnSelect
      ariaLabelConfig={WORDS}
    >
      <Background gap={20} />
      {nodes.length === 0 && <FirstBlock />}
      <MiniMap pannable zoomable className={classes.minimap} ariaLabel={t.editor.minimap} />
      <Controls showInteractive={false} fitViewOptions={FIT} aria-label={t.editor.zoom} />
    </ReactFlow>
  );
}

/** What an empty canvas says. */
function FirstBlock() {
  return (
    <Panel position="top-center" className={classes.empty}>
      <Text size="sm" c="dimmed" mb="sm">
        {t.editor.empty}
      </Text>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => show({ picking: {} })}>
        {t.editor.addFirst}
      </Button>
    </Panel>
  );
}

/** Nodes and edges as they are drawn; positions while dragging live here, and reach the store when it ends. */
function usePicture() {
  const store = useEditorStore();
  const workflow = useEditor((editor) => editor.workflow);
  const problems = useEditor((editor) => editor.problems);
  const positions = useEditor((editor) => editor.positions);
  const selection = useEditor((editor) => editor.selection);
  const runs = useRun((state) => state.execution?.blocks ?? NO_RUNS);
  const links = useUi((state) => state.links);
  const types = useBlockTypes();
  const cards = useMemo(() => cardsOf({ workflow, types, problems, runs }), [workflow, types, problems, runs]);
  const [nodes, setNodes] = useState<BlockNode[]>(() => nodesOf(cards, positions, selection, []));
  const [seen, setSeen] = useState({ cards, positions, selection });
  if (seen.cards !== cards || seen.positions !== positions || seen.selection !== selection) {
    setSeen({ cards, positions, selection });
    setNodes(nodesOf(cards, positions, selection, nodes));
  }
  const edges = useMemo(() => edgesOf(workflow, runs, links), [workflow, runs, links]);
  const onNodesChange = useCallback(
    (changes: NodeChange<BlockNode>[]) => {
      setNodes((before) => applyNodeChanges(changes, before));
      const selects = changes.filter((change) => change.type === "select");
      if (selects.length > 0) {
        const chosen = new Set(store.getState().selection);
        selects.forEach((change) => (change.selected ? chosen.add(change.id) : chosen.delete(change.id)));
        store.getState().select([...chosen]);
      }
      const moved = movedBy(changes, store.getState().positions);
      if (Object.keys(moved).length > 0) store.getState().move(moved);
    },
    [store],
  );
  return { nodes, onNodesChange, edges };
}

/** Where blocks came to rest, by mouse or arrow keys. */
function movedBy(changes: readonly NodeChange<BlockNode>[], before: Positions): Positions {
  const moved: Record<string, Point> = {};
  for (const change of changes) {
    if (change.type !== "position" || change.dragging !== false || !change.position) continue;
    const { x, y } = change.position;
    if (before[change.id]?.x !== x || before[change.id]?.y !== y) moved[change.id] = { x, y };
  }
  return moved;
}

/** A line dropped into empty space asks which block is to stand there. */
function useConnectionDrop() {
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.isValid || state.toNode || !state.fromNode) return;
      const pointer = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!pointer) return;
      const at = screenToFlowPosition({ x: pointer.clientX, y: pointer.clientY - 30 });
      const source = state.fromNode.id;
      const isSource = state.fromHandle?.type === "source";
      const branch = branchOf(state.fromHandle?.id);
      show({ picking: isSource ? { after: { source, branch }, at } : { before: source, at } });
    },
    [screenToFlowPosition],
  );
}

/** Shows everything when the whole workflow was arranged or replaced, and when the YAML view takes room beside it. */
function useArrangedFit() {
  const { fitView } = useReactFlow();
  const arranged = useUi((state) => state.fit);
  const yaml = useUi((state) => state.yaml);
  useDidUpdate(() => {
    const frame = requestAnimationFrame(() => void fitView({ ...FIT, duration: 200 }));
    return () => cancelAnimationFrame(frame);
  }, [arranged, yaml, fitView]);
}
