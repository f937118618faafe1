/** To be built. */
export function AccountPage() {
  return null;
}
