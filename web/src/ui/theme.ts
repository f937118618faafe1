import {
  createTheme,
  type CSSVariablesResolver,
  localStorageColorSchemeManager,
  type MantineColorSchemeManager,
} from "@mantine/core";

/** The same key as in public/theme.js, which sets the theme before the first paint. */
export const colorSchemes: MantineColorSchemeManager = localStorageColorSchemeManager({ key: "runwright.theme" });

/** One scale of type and one of space; components name a step of them, never a size of their own. */
export const theme = createTheme({
  colors: {
    // Text, dimmed text, …, borders, controls, ground: as cool as the grounds of the light theme.
    dark: [
      "#d3d6db",
      "#b4b8be",
      "#8f959e",
      "#6b7079",
      "#3a3f47",
      "#2a2e36",
      "#20242a",
      "#16181d",
      "#121418",
      "#0e1013",
    ],
  },
  primaryColor: "indigo",
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono', monospace",
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "1rem", lg: "1.125rem", xl: "1.375rem" },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "1rem", lg: "1.5rem", xl: "2.5rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.35" },
      h2: { fontSize: "1.125rem", lineHeight: "1.4" },
      h3: { fontSize: "1rem", lineHeight: "1.45" },
    },
  },
  components: {
    Badge: { defaultProps: { tt: "none" } },
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    // The placeholder would be something to focus in a menu that is no item of it.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: { centered: true } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Colours of the library that would be too faint on their ground, made to pass 4.5:1 in both themes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#5b626a",
    "--mantine-color-placeholder": "#6b727a",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-anchor": "#364fc7",
    "--mantine-color-body": "#ffffff",
  },
  dark: {
    "--mantine-color-dimmed": "#a6abb2",
    "--mantine-color-placeholder": "#9097a0",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-anchor": "#91a7ff",
    "--mantine-color-body": "#16181d",
    "--mantine-color-red-filled": "#c92a2a",
    "--mantine-color-red-filled-hover": "#b02323",
  },
});
