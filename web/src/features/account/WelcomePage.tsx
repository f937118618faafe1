/** To be built. */
export function WelcomePage() {
  return null;
}
