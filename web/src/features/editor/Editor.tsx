import { Alert, Button, Drawer } from "@mantine/core";
import { useDocumentTitle, useMediaQuery } from "@mantine/hooks";
import { ReactFlowProvider } from "@xyflow/react";
import { lazy, Suspense, useState } from "react";

import { t } from "../../texts";
import { PageLoading } from "../../ui/PageLoading";
import { Canvas } from "./canvas/Canvas";
import { useChecking } from "./checking";
import { BlockPicker } from "./dialogs/BlockPicker";
import { ConflictDialog } from "./dialogs/ConflictDialog";
import { ConnectDialog } from "./dialogs/ConnectDialog";
import { History } from "./dialogs/History";
import { Palette } from "./dialogs/Palette";
import { RenameDialog } from "./dialogs/RenameDialog";
import { Shortcuts } from "./dialogs/Shortcuts";
import { TriggersDialog } from "./dialogs/TriggersDialog";
import { forgetDraft } from "./draft";
import classes from "./Editor.module.css";
import { Header } from "./Header";
import { Inspector } from "./inspector/Inspector";
import { useKeys } from "./keys";
import { Outline } from "./outline/Outline";
import { OneBlockDialog } from "./run/OneBlockDialog";
import { RunBar } from "./run/RunBar";
import { RunDialog } from "./run/RunDialog";
import { RunFollower } from "./run/RunFollower";
import { useRun } from "./run/store";
import { useEditor, useEditorStore } from "./store";
import { show, useUi } from "./ui";

const YamlView = lazy(() => import("./yaml/YamlView"));
export const SMALL = "(max-width: 48em)";

/** The editor of a workflow: head, canvas or outline, the file beside it, settings at the right. */
export function Editor({ restored }: { restored: boolean }) {
  const name = useEditor((editor) => editor.workflow.name);
  const yaml = useUi((state) => state.yaml);
  const run = useRun((state) => state.id);
  useDocumentTitle(`${name || t.editor.title} · ${t.product}`);
  useChecking();
  useKeys();
  return (
    <div className={classes.editor}>
      <Header />
      <Notices restored={restored} />
      <div className={classes.body}>
        <div className={classes.view} data-beside={yaml || undefined}>
          <RunBar />
          <MainView />
        </div>
        {yaml && (
          <section className={classes.yaml} aria-label={t.editor.yaml}>
            <Suspense fallback={<PageLoading />}>
              <YamlView />
            </Suspense>
          </section>
        )}
        <SidePanel />
      </div>
      <Dialogs />
      {run !== null && <RunFollower key={run} id={run} />}
    </div>
  );
}

function MainView() {
  const view = useUi((state) => state.view);
  if (view === "outline") return <Outline />;
  return (
    <ReactFlowProvider>
      <Canvas />
    </ReactFlowProvider>
  );
}

function SidePanel() {
  const small = useMediaQuery(SMALL, undefined, { getInitialValueInEffect: false });
  const opened = useUi((state) => state.panelOpen);
  if (!small) {
    return (
      <div className={classes.side}>
        <Inspector />
      </div>
    );
  }
  return (
    <Drawer.Root opened={opened} onClose={() => show({ panelOpen: false })} position="bottom" size="80%">
      <Drawer.Overlay />
      <Drawer.Content aria-label={t.editor.panel}>
        <Inspector />
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Notices({ restored }: { restored: boolean }) {
  const store = useEditorStore();
  const broken = useEditor((editor) => editor.syntax[0]);
  const [told, setTold] = useState(!restored);
  const discard = () => {
    const { workflowId, saved, write } = store.getState();
    write(saved.text);
    forgetDraft(workflowId);
    setTold(true);
  };
  return (
    <div role="status">
      {!told && (
        <Alert p="sm" radius={0} withCloseButton closeButtonLabel={t.actions.close} onClose={() => setTold(true)}>
          {t.editor.draftRestored}{" "}
          <Button size="compact-xs" variant="default" ml="sm" onClick={discard}>
            {t.editor.draftDiscard}
          </Button>
        </Alert>
      )}
      {broken && (
        <Alert p="sm" radius={0} color="red" variant="light">
          {t.editor.yamlBroken(broken.line)}
        </Alert>
      )}
    </div>
  );
}

function Dialogs() {
  const dialog = useUi((state) => state.dialog);
  const picking = useUi((state) => state.picking);
  const renaming = useUi((state) => state.renaming);
  const connecting = useUi((state) => state.connecting);
  const alone = useUi((state) => state.alone);
  return (
    <>
      {dialog === "palette" && <Palette />}
      {dialog === "shortcuts" && <Shortcuts />}
      {dialog === "triggers" && <TriggersDialog />}
      {dialog === "history" && <History />}
      {dialog === "run" && <RunDialog />}
      {dialog === "conflict" && <ConflictDialog />}
      {picking && <BlockPicker spot={picking} />}
      {renaming !== null && <RenameDialog block={renaming} />}
      {connecting !== null && <ConnectDialog block={connecting} />}
      {alone !== null && <OneBlockDialog block={alone} />}
    </>
  );
}
