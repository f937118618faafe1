import { Text } from "@mantine/core";
import { type DragEvent, type ReactNode, useState } from "react";

import { t } from "../../texts";
import classes from "./Files.module.css";

/** Takes files that are dropped anywhere on what it holds. The button beside it does the same without a mouse. */
export function DropZone({ onDrop, children }: { onDrop: (files: File[]) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onDrop([...event.dataTransfer.files]);
  };
  return (
    <div
      className={classes.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      {children}
      <Text size="sm" c="dimmed" mt="lg">
        {over ? t.files.dropNow : t.files.drop}
      </Text>
    </div>
  );
}
