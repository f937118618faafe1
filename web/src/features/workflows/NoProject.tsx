import { IconFolderPlus } from "@tabler/icons-react";

import { t } from "../../texts";
import { EmptyState } from "../../ui/EmptyState";
import { ButtonLink } from "../../ui/links";

/** For an organization whose projects were all deleted. */
export function NoProject() {
  return (
    <EmptyState icon={IconFolderPlus} title={t.workflows.noProject} text={t.workflows.noProjectHint}>
      <ButtonLink to="/settings/project">{t.workflows.toProjects}</ButtonLink>
    </EmptyState>
  );
}
