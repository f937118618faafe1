import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { ApiError } from "../api/errors";
import { meQuery, queryClient } from "../api/queries";
import { Shell } from "../features/shell/Shell";
import { NotFound } from "../ui/NotFound";
import { PageError } from "../ui/PageError";
import { PageLoading } from "../ui/PageLoading";
import { readReviewFilters, readRunFilters, readSignIn, readWorkflowFilters } from "./search";

const root = createRootRoute({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: readSignIn,
  component: lazyRouteComponent(() => import("../features/account/SignInPage"), "SignInPage"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(() => import("../features/account/WelcomePage"), "WelcomePage"),
});

/** Everything but signing in: whoever is not signed in is asked to, and comes back after. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: "/sign-in", search: { next: location.href }, replace: true });
      }
      throw error;
    }
  },
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/workflows", replace: true });
  },
});

const workflows = createRoute({
  getParentRoute: () => shell,
  path: "/workflows",
  validateSearch: readWorkflowFilters,
  component: lazyRouteComponent(() => import("../features/workflows/WorkflowsPage"), "WorkflowsPage"),
});

const editor = createRoute({
  getParentRoute: () => shell,
  path: "/workflows/$workflowId",
  component: lazyRouteComponent(() => import("../features/editor/EditorPage"), "EditorPage"),
});

const runs = createRoute({
  getParentRoute: () => shell,
  path: "/runs",
  validateSearch: readRunFilters,
  component: lazyRouteComponent(() => import("../features/runs/RunsPage"), "RunsPage"),
});

const run = createRoute({
  getParentRoute: () => shell,
  path: "/runs/$executionId",
  component: lazyRouteComponent(() => import("../features/runs/RunPage"), "RunPage"),
});

const reviews = createRoute({
  getParentRoute: () => shell,
  path: "/reviews",
  validateSearch: readReviewFilters,
  component: lazyRouteComponent(() => import("../features/reviews/ReviewsPage"), "ReviewsPage"),
});

const review = createRoute({
  getParentRoute: () => shell,
  path: "/reviews/$reviewId",
  component: lazyRouteComponent(() => import("../features/reviews/ReviewPage"), "ReviewPage"),
});

const files = createRoute({
  getParentRoute: () => shell,
  path: "/files",
  component: lazyRouteComponent(() => import("../features/artifacts/FilesPage"), "FilesPage"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/settings/SettingsLayout"), "SettingsLayout"),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/account", replace: true });
  },
});

const account = createRoute({
  getParentRoute: () => settings,
  path: "/account",
  component: lazyRouteComponent(() => import("../features/settings/AccountPage"), "AccountPage"),
});

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("../features/settings/KeysPage"), "KeysPage"),
});

const project = createRoute({
  getParentRoute: () => settings,
  path: "/project",
  component: lazyRouteComponent(() => import("../features/settings/ProjectPage"), "ProjectPage"),
});

const models = createRoute({
  getParentRoute: () => settings,
  path: "/models",
  component: lazyRouteComponent(() => import("../features/settings/ModelsPage"), "ModelsPage"),
});

const mcp = createRoute({
  getParentRoute: () => settings,
  path: "/mcp",
  component: lazyRouteComponent(() => import("../features/mcp/McpPage"), "McpPage"),
});

const usage = createRoute({
  getParentRoute: () => settings,
  path: "/usage",
  component: lazyRouteComponent(() => import("../features/settings/UsagePage"), "UsagePage"),
});

const tree = root.addChildren([
  signIn,
  welcome,
  shell.addChildren([
    home,
    workflows,
    editor,
    runs,
    run,
    reviews,
    review,
    files,
    settings.addChildren([settingsHome, account, apiKeys, project, models, mcp, usage]),
  ]),
]);

/** Pages that are fetched while nothing else is to be done, so that going there needs no connection. */
const SMALL_PAGES = [
  workflows,
  runs,
  run,
  reviews,
  review,
  files,
  settings,
  account,
  apiKeys,
  project,
  models,
  mcp,
  usage,
];

/** Fetch the code of all pages but the editor, which is large. What cannot be fetched is fetched when it is gone to. */
export function fetchPages(): void {
  for (const { options } of SMALL_PAGES) void options.component?.preload?.()?.catch(() => undefined);
}

/** Every page of the app. A page's code is fetched when it is first gone to, or pointed at. */
export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultPendingMs: 300,
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
