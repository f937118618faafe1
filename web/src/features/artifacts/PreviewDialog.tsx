import { Button, Modal, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { t } from "../../texts";
import { CodeBlock } from "../../ui/CodeBlock";
import { Failure } from "../../ui/Failure";
import { OutputView } from "../../ui/OutputView";
import { PageLoading } from "../../ui/PageLoading";
import { contentAddress } from "./download";
import { type Artifact, previewQuery } from "./queries";

/** The beginning of a file, as an output is shown: nothing in it can act. */
export function PreviewDialog({ file, onClose }: { file: Artifact | null; onClose: () => void }) {
  return (
    <Modal
      opened={file !== null}
      onClose={onClose}
      title={file?.name}
      size="xl"
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      {file && (
        <Stack gap="md" align="stretch">
          <Content file={file} />
          <Button
            component="a"
            href={contentAddress(file.id)}
            download={file.name}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {`${t.files.download} (${t.files.bytes(file.size)})`}
          </Button>
        </Stack>
      )}
    </Modal>
  );
}

function Content({ file }: { file: Artifact }) {
  const { data, isPending, error } = useQuery(previewQuery(file.id));
  if (isPending) return <PageLoading />;
  if (error) return <Failure error={error} />;
  if (data.kind === "binary") return <Text size="sm">{t.files.noPreview}</Text>;
  if (data.text === "") return <Text size="sm">{t.files.emptyFile}</Text>;
  const label = t.files.preview(file.name);
  return (
    <>
      {data.kind === "text" ? (
        <CodeBlock text={data.text} label={label} wrap />
      ) : (
        <OutputView text={data.text} label={label} />
      )}
      {data.truncated && (
        <Text size="sm" c="dimmed">
          {t.files.cut}
        </Text>
      )}
    </>
  );
}
