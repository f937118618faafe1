/** To be built. */
export function WorkflowsPage() {
  return null;
}
