/** How an output is shown. */
export type Format = "formatted" | "json" | "plain";

/** The longest text that is laid out at once; more would make the page slow. */
export const MOST_CHARACTERS = 100_000;

/** The JSON of an output that is an object or a list, laid out for reading; null for any other text. */
export function asJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

/** The format an output is shown in at first. */
export function naturalFormat(text: string): Format {
  return asJson(text) === null ? "formatted" : "json";
}
