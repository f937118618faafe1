/** The sign of the product; its name stands beside it or is told to screen readers. */
export function Logo({ size = 28 }: { size?: number }) {
  return <img src="/favicon.svg" width={size} height={size} alt="" />;
}
