import { Box, Center, Paper, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

import { t } from "../../texts";
import { Logo } from "../shell/Logo";

interface Props {
  title: string;
  text?: string;
  children: ReactNode;
}

/** The frame of the pages before one is signed in. */
export function EntryCard({ title, text, children }: Props) {
  useDocumentTitle(`${title} · ${t.product}`);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper w="100%" maw="24rem" p={{ base: "md", sm: "lg" }} withBorder>
        <Stack gap="md">
          <Box>
            <Logo size={40} />
            <Title order={1} mt="sm">
              {title}
            </Title>
            {text && (
              <Text size="sm" c="dimmed" mt="xs">
                {text}
              </Text>
            )}
          </Box>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
