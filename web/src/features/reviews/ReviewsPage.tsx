/** To be built. */
export function ReviewsPage() {
  return null;
}
