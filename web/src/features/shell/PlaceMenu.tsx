import { Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";

import { usePlace } from "../../api/place";
import { meQuery, projectsQuery } from "../../api/queries";
import { t } from "../../texts";
import { useGoTo } from "./place";

/** Where one works: the project, and the organization for those who are in several. */
export function PlaceMenu() {
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: projects } = useQuery(projectsQuery);
  const place = usePlace();
  const goTo = useGoTo();
  const organizations = me.memberships.map((membership) => membership.organization);
  const organization = organizations.find(({ id }) => id === place.organization) ?? organizations[0];
  const project = projects?.items.find(({ id }) => id === place.project) ?? projects?.items[0];
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <Button variant="subtle" color="gray" rightSection={<IconChevronDown size={14} aria-hidden />} maw="14rem">
          {project?.name ?? organization?.name ?? "…"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.shell.project}</Menu.Label>
        {projects?.items.map(({ id, name }) => (
          <Choice key={id} name={name} chosen={id === project?.id} choose={() => goTo({ project: id })} />
        ))}
        {organizations.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>{t.shell.organization}</Menu.Label>
            {organizations.map(({ id, name }) => (
              <Choice
                key={id}
                name={name}
                chosen={id === organization?.id}
                choose={() => goTo({ organization: id, project: null })}
              />
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ name, chosen, choose }: { name: string; chosen: boolean; choose: () => void }) {
  return (
    <Menu.Item
      onClick={choose}
      aria-current={chosen}
      rightSection={chosen ? <IconCheck size={14} aria-hidden /> : undefined}
    >
      {name}
    </Menu.Item>
  );
}
