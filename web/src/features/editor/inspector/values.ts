import { parseDocument, stringify } from "yaml";

/** A value of any form as text to edit: a text as it is, everything else as YAML. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : stringify(value, { lineWidth: 0 }).trimEnd();
}

/** The value that an edited text means: a list or mapping where it is one in YAML or JSON, else the text itself. */
export function writtenValue(text: string): unknown {
  if (text.trim() === "") return undefined;
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  const plain: unknown = document.toJS();
  return typeof plain === "object" && plain !== null && !isLookup(text) ? plain : text;
}

/** `{{ name }}` is a mapping in YAML, and a look-up here. */
function isLookup(text: string): boolean {
  return text.trimStart().startsWith("{{");
}

/** A number where the text is one, else the text. */
export function numberOrText(text: string): number | string | undefined {
  if (text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
