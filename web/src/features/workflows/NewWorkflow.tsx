import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconFileText, IconLayoutGrid, IconPencil } from "@tabler/icons-react";
import { useState } from "react";

import { t } from "../../texts";
import { FileDialog } from "./FileDialog";
import { ScratchDialog } from "./ScratchDialog";
import { TemplateDialog } from "./TemplateGallery";

type Way = "scratch" | "file" | "template";

/** The ways to make a workflow. */
export function NewWorkflow({ project }: { project: string }) {
  const [way, setWay] = useState<Way | null>(null);
  const close = () => setWay(null);
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button rightSection={<IconChevronDown size={14} aria-hidden />}>{t.workflows.new.button}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setWay("scratch")}>
            {t.workflows.new.scratch}
          </Menu.Item>
          <Menu.Item leftSection={<IconFileText size={16} aria-hidden />} onClick={() => setWay("file")}>
            {t.workflows.new.file}
          </Menu.Item>
          <Menu.Item leftSection={<IconLayoutGrid size={16} aria-hidden />} onClick={() => setWay("template")}>
            {t.workflows.new.template}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {way === "scratch" && <ScratchDialog project={project} onClose={close} />}
      {way === "file" && <FileDialog project={project} onClose={close} />}
      {way === "template" && <TemplateDialog project={project} onClose={close} />}
    </>
  );
}
