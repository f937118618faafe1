import { isRecord } from "../model/workflow";

/** How a field of a block is edited. */
export type Kind =
  | "text"
  | "condition"
  | "branches"
  | "choice"
  | "switch"
  | "number"
  | "numbers"
  | "names"
  | "tools"
  | "pairs"
  | "group"
  | "list"
  | "block"
  | "structure"
  | "reference"
  | "called"
  | "any"
  | "code";

/** Things of the project that a field can name. */
export type Reference = "workflow" | "connection" | "server";

export interface Field {
  name: string;
  label: string;
  description: string;
  kind: Kind;
  required: boolean;
  looksUp?: "template" | "condition";
  /** The values of a choice. */
  options: string[];
  /** What holds when it is not set, for showing. */
  preset: string;
  /** The fields of a group, or of each item of a list. */
  fields: Field[];
  /** What a reference names. */
  reference?: Reference;
}

type Schema = Record<string, unknown>;

/** The fields of a block type, in the order its schema has them. Constants are left out: there is nothing to choose. */
export function fieldsOf(schema: Schema, texts: Readonly<Record<string, string>>, defs = schema.$defs): Field[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).flatMap(([name, written]) => {
    const property = resolved(written, defs);
    const title = schema.title;
    // The name of a block that calls another is its own, as that of any block.
    if ("const" in property || (name === "name" && title === CALL)) return [];
    const reference = referenceOf(name, title);
    const kind = reference ? "reference" : kindOf(name, property, { text: texts[name], title });
    const preset = property.default;
    const field: Field = {
      name,
      label: reference === "workflow" ? labelOf(reference) : labelOf(name),
      description: typeof property.description === "string" ? property.description : "",
      kind,
      required: required.includes(name),
      looksUp: texts[name] === "template" || texts[name] === "condition" ? texts[name] : undefined,
      options: optionsOf(property),
      preset: typeof preset === "string" || typeof preset === "number" ? String(preset) : "",
      fields: innerFields(kind, property, defs),
      reference,
    };
    return [field];
  });
}

const CALL = "WorkflowConfig";

/** What a field names, which its schema does not say. */
function referenceOf(name: string, title: unknown): Reference | undefined {
  if (name === "connection") return "connection";
  if (name === "server" && title === "McpChoice") return "server";
  return name === "id" && (title === CALL || title === "WorkflowTool") ? "workflow" : undefined;
}

function innerFields(kind: Kind, schema: Schema, defs: unknown): Field[] {
  if (kind === "group") return fieldsOf(schema, {}, defs);
  return kind === "list" ? fieldsOf(resolved(schema.items, defs), {}, defs) : [];
}

const SHORT = new Set(["url", "json", "http", "mcp", "id"]);

/** The name of a field as people read it: `max_tokens` is "Max tokens". */
export function labelOf(name: string): string {
  const words = name.replace(/_/g, " ");
  return SHORT.has(words) ? words.toUpperCase() : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Follows a reference, and takes `null` out of what is possible: a field that is absent is not written. */
function resolved(written: unknown, defs: unknown): Schema {
  const schema = isRecord(written) ? written : {};
  const { $ref, anyOf, ...rest } = schema;
  if (typeof $ref === "string" && isRecord(defs)) {
    const target = defs[$ref.split("/").at(-1) ?? ""];
    return { ...resolved(target, defs), ...rest };
  }
  if (!Array.isArray(anyOf)) return schema;
  const choices = anyOf.filter((choice) => !isRecord(choice) || choice.type !== "null");
  return choices.length === 1 ? { ...resolved(choices[0], defs), ...rest } : { ...rest, anyOf: choices };
}

function kindOf(name: string, schema: Schema, { text, title }: { text: string | undefined; title: unknown }): Kind {
  if (name === "branches") return "branches";
  if (text === "block") return "block";
  if (name === "inputs" && title === CALL) return "called";
  if (name === "tools" && title === "McpChoice") return "tools";
  if ((name === "output" && isTextOrObject(schema.anyOf)) || (name === "schema" && schema.type === "object")) {
    return "structure";
  }
  if (Array.isArray(schema.enum)) return "choice";
  if (schema.type === "boolean") return "switch";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "string") return name === "code" ? "code" : text === "condition" ? "condition" : "text";
  if (schema.type === "array") return kindOfList(schema.items);
  if (schema.type === "object") return isRecord(schema.properties) ? "group" : isTexts(schema) ? "pairs" : "any";
  return isNumberOrText(schema.anyOf) ? "text" : "any";
}

function kindOfList(items: unknown): Kind {
  if (!isRecord(items)) return "any";
  if (isNumeric(items.type)) return "numbers";
  return items.type === "string" ? "names" : "$ref" in items || isRecord(items.properties) ? "list" : "any";
}

function isTextOrObject(choices: unknown): boolean {
  const types = Array.isArray(choices) ? choices.map((choice) => (isRecord(choice) ? choice.type : undefined)) : [];
  return types.includes("string") && types.includes("object");
}

function isNumeric(type: unknown): boolean {
  return type === "integer" || type === "number";
}

function isTexts(schema: Schema): boolean {
  const values = schema.additionalProperties;
  if (values === true) return true;
  if (!isRecord(values)) return false;
  const choices = Array.isArray(values.anyOf) ? values.anyOf : [values];
  return choices.some((choice) => isRecord(choice) && choice.type === "string");
}

function isNumberOrText(choices: unknown): boolean {
  const types = Array.isArray(choices) ? choices.map((choice) => (isRecord(choice) ? choice.type : undefined)) : [];
  return types.length > 0 && types.every((type) => type === "string" || isNumeric(type));
}

function optionsOf(schema: Schema): string[] {
  return Array.isArray(schema.enum) ? schema.enum.map(String) : [];
}
