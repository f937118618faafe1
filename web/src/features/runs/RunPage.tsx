/** To be built. */
export function RunPage() {
  return null;
}
