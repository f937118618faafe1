import { usePlace } from "../../api/place";

/** The address of a file's content, or of a run's files as one zip: a link that saves it, and never leaves the page. */
export function contentAddress(id: string): string {
  return withOrganization(`/api/v1/artifacts/${id}/content`);
}

/** All files of a run. */
export function zipAddress(execution: string): string {
  return withOrganization(`/api/v1/executions/${execution}/artifacts.zip`);
}

/** A link sends no headers of its own: the organization one works in goes along in the address. */
function withOrganization(path: string): string {
  const { organization } = usePlace.getState();
  return organization ? `${path}?organization=${encodeURIComponent(organization)}` : path;
}
