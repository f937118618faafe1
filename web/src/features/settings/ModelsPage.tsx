/** To be built. */
export function ModelsPage() {
  return null;
}
