/** To be built. */
export function RunsPage() {
  return null;
}
