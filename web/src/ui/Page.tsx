import { Box, Group, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

import { t } from "../texts";

interface Props {
  title: string;
  /** In place of the title, when more is to be shown than its words. */
  heading?: ReactNode;
  /** What can be done here, at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: its title in the window and at the top, its actions, its content. */
export function Page({ title, heading, actions, children }: Props) {
  useDocumentTitle(`${title} · ${t.product}`);
  return (
    <Box maw="72rem" mx="auto" px={{ base: "md", sm: "lg" }} py="lg">
      <Group justify="space-between" align="center" mb="lg" gap="sm">
        <Title order={1}>{heading ?? title}</Title>
        <Group gap="sm">{actions}</Group>
      </Group>
      {children}
    </Box>
  );
}
