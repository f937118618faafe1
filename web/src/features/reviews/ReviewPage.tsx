/** To be built. */
export function ReviewPage() {
  return null;
}
