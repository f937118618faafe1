import { Avatar, Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconLogout, IconUser } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";

import { meQuery } from "../../api/queries";
import { t } from "../../texts";
import { MenuLink } from "../../ui/links";
import { useSignOut } from "../account/session";

/** Who one is: the way to one's account, the theme, and out. */
export function UserMenu() {
  const { data: me } = useSuspenseQuery(meQuery);
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton aria-label={`${t.shell.account}: ${me.user.name}`}>
          <Avatar color="indigo" variant="light" size="md">
            <IconUser size={18} aria-hidden />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="sm" fw={600} px="sm" pt="xs" truncate>
          {me.user.name}
        </Text>
        <Text size="xs" c="dimmed" px="sm" pb="sm" truncate>
          {me.user.email}
        </Text>
        <MenuLink to="/settings/account" leftSection={<IconUser size={16} aria-hidden />}>
          {t.shell.account}
        </MenuLink>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          {t.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Light, dark, or as the system has it. */
export function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label={t.shell.theme}
      value={colorScheme}
      onChange={setColorScheme}
      data={[
        { value: "light", label: t.shell.lightTheme },
        { value: "dark", label: t.shell.darkTheme },
        { value: "auto", label: t.shell.autoTheme },
      ]}
    />
  );
}
