import { isRecord, plainText } from "../model/workflow";

/** What a field of a structured answer can be. */
export const PROPERTY_TYPES = ["string", "number", "integer", "boolean", "strings", "object"] as const;

export type PropertyType = (typeof PROPERTY_TYPES)[number];

/** A field of a structured answer. */
export interface Property {
  name: string;
  type: PropertyType;
  description: string;
  required: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

const LIST_OF_TEXTS = { type: "array", items: { type: "string" } };
const SIMPLE = new Set(["type", "description", "items", "title"]);

/** The fields that a JSON schema of an object asks for; null when it says more than a list of fields can show. */
export function propertiesOf(schema: Schema): Property[] | null {
  const { type, properties = {}, required = [] } = schema;
  if (type !== "object" || !isRecord(properties) || !Array.isArray(required)) return null;
  const found = Object.entries(properties).map(([name, written]) => propertyOf(name, written, required.includes(name)));
  return found.every((property) => property !== null) ? found : null;
}

function propertyOf(name: string, written: unknown, required: boolean): Property | null {
  if (!isRecord(written) || Object.keys(written).some((key) => !SIMPLE.has(key))) return null;
  const type = typeOf(written);
  return type === null ? null : { name, type, required, description: plainText(written.description) };
}

function typeOf({ type, items }: Schema): PropertyType | null {
  if (type === "array") return isRecord(items) && items.type === "string" ? "strings" : null;
  return PROPERTY_TYPES.find((known) => known === type && known !== "strings") ?? null;
}

/** The schema with these fields in the place of its own; what else it says stays. */
export function withProperties(schema: Schema, properties: readonly Property[]): Record<string, unknown> {
  const required = properties.filter((property) => property.required).map((property) => property.name);
  const others = Object.entries(schema).filter(([name]) => !["type", "properties", "required"].includes(name));
  return {
    type: "object",
    properties: Object.fromEntries(properties.map((property) => [property.name, schemaOf(property)])),
    ...(required.length > 0 ? { required } : {}),
    ...Object.fromEntries(others),
  };
}

function schemaOf({ type, description }: Property): Record<string, unknown> {
  return { ...(type === "strings" ? LIST_OF_TEXTS : { type }), ...(description === "" ? {} : { description }) };
}

/** A name that no field has yet. */
export function freshProperty(properties: readonly Property[]): Property {
  const names = new Set(properties.map((property) => property.name));
  let number = 1;
  while (names.has(`field${number}`)) number += 1;
  return { name: `field${number}`, type: "string", description: "", required: true };
}
