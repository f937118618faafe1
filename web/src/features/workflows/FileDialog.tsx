import { Button, FileButton, Group, List, Modal, Stack, Switch, Text, Textarea } from "@mantine/core";
import { IconAlertTriangle, IconUpload } from "@tabler/icons-react";
import { useState } from "react";

import { ApiError } from "../../api/errors";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { tellFailure } from "../../ui/failures";
import { Notice } from "../../ui/Notice";
import { useCreateWorkflow } from "./queries";

/** Larger files are refused by the server in any case, and would only freeze the page. */
const MOST_BYTES = 2 * 1024 * 1024;

interface Props {
  project: string;
  onClose: () => void;
}

/** Makes a workflow of a YAML file, chosen or pasted; what is wrong with it is told line by line. */
export function FileDialog({ project, onClose }: Props) {
  const create = useCreateWorkflow(project);
  const [source, setSource] = useState("");
  const [publish, setPublish] = useState(true);
  const submit = () => create.mutate({ source, publish });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t.workflows.file.title}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <Stack gap="md">
        <ChooseFile onText={setSource} />
        <Textarea
          label={t.workflows.file.label}
          description={t.workflows.file.hint}
          autosize
          minRows={8}
          maxRows={18}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <Problems error={create.error} />
        <Switch
          label={t.workflows.file.publish}
          description={t.workflows.file.publishHint}
          checked={publish}
          onChange={(event) => setPublish(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t.actions.cancel}
          </Button>
          <Button onClick={submit} loading={create.isPending} disabled={source.trim() === ""}>
            {t.workflows.file.create}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function ChooseFile({ onText }: { onText: (text: string) => void }) {
  const read = async (file: File | null) => {
    if (file === null) return;
    if (file.size > MOST_BYTES) {
      tellFailure(new ApiError(413, t.workflows.file.tooLarge));
      return;
    }
    onText(await file.text());
  };
  return (
    <FileButton onChange={(file) => void read(file)} accept=".yaml,.yml,text/yaml,application/yaml">
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />} w="fit-content">
          {t.workflows.file.choose}
        </Button>
      )}
    </FileButton>
  );
}

function Problems({ error }: { error: unknown }) {
  const problems = error instanceof ApiError ? error.problems : [];
  if (problems.length === 0) return <Failure error={error} />;
  return (
    <Notice tone="failed" icon={IconAlertTriangle} role="alert">
      <List size="sm" listStyleType="none">
        {problems.map(({ line, message, place }) => (
          <List.Item key={`${line}:${place}:${message}`}>
            {line !== undefined && (
              <Text component="span" size="sm" fw={600}>
                {t.workflows.file.line(line)}:{" "}
              </Text>
            )}
            {message}
          </List.Item>
        ))}
      </List>
    </Notice>
  );
}
