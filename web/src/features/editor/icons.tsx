import {
  type Icon,
  IconArrowsSplit2,
  IconBox,
  IconClockPause,
  IconCode,
  IconFlag,
  IconListDetails,
  type IconProps,
  IconRepeat,
  IconSitemap,
  IconSparkles,
  IconTemplate,
  IconUserCheck,
  IconWorldWww,
} from "@tabler/icons-react";
import { createElement } from "react";

const ICONS: Record<string, Icon> = {
  "arrows-split-2": IconArrowsSplit2,
  "clock-pause": IconClockPause,
  code: IconCode,
  flag: IconFlag,
  "list-details": IconListDetails,
  repeat: IconRepeat,
  sitemap: IconSitemap,
  sparkles: IconSparkles,
  template: IconTemplate,
  "user-check": IconUserCheck,
  "world-www": IconWorldWww,
};

/** The icon that a block type names; one for all where it is not known. */
export function BlockIcon({ name, ...rest }: IconProps & { name: string | undefined }) {
  return createElement(ICONS[name ?? ""] ?? IconBox, { stroke: 1.7, "aria-hidden": true, ...rest });
}
