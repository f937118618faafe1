/** To be built. */
export function ProjectPage() {
  return null;
}
