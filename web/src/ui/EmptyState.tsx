import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  icon: Icon;
  title: string;
  text: string;
  /** What one can do about it. */
  children?: ReactNode;
}

/** Where there is nothing to show: why, and what to do. */
export function EmptyState({ icon: Icon, title, text, children }: Props) {
  return (
    <Stack align="center" gap="sm" py="xl" px="md" ta="center">
      <ThemeIcon variant="default" size={48} radius="xl" aria-hidden>
        <Icon size={24} />
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" size="sm" maw="28rem" mb="sm">
        {text}
      </Text>
      {children}
    </Stack>
  );
}
