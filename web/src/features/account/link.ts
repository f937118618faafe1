/** The token of a one-time link, which stands behind the # so that no server's log can keep it. */
export function linkOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("link");
}
