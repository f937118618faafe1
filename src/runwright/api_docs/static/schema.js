// Reading JSON Schema as OpenAPI 3.1 uses it: names of types, fields, and an example of a value.

/** Follow a local reference; anything else is answered as it is. */
export function resolve(document, schema) {
  let found = schema;
  for (let hops = 0; found && found.$ref && hops < 20; hops += 1) {
    found = found.$ref
      .replace(/^#\//, "")
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce((node, part) => node?.[part], document);
  }
  return found ?? {};
}

/** A short name for what a schema accepts, such as `string (uuid)` or `array of Member`. */
export function typeName(document, schema) {
  if (!schema || schema === true) return "any";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return [...new Set(alternatives.map((one) => typeName(document, one)))].join(" or ");
  if (schema.allOf?.length === 1) return typeName(document, schema.allOf[0]);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") return `array of ${typeName(document, schema.items)}`;
  const name = [schema.type ?? "any"].flat().join(" or ");
  return schema.format ? `${name} (${schema.format})` : name;
}

/** The fields of an object, nested ones as `parent.child`, as rows of name, type, whether required, description. */
export function fields(document, schema, { prefix = "", depth = 0, seen = [] } = {}) {
  const object = objectOf(document, schema);
  if (!object.properties || depth > 4 || seen.includes(object)) return [];
  return Object.entries(object.properties).flatMap(([name, field]) => {
    const row = {
      name: prefix + name,
      type: typeName(document, field),
      required: object.required?.includes(name) ?? false,
      description: field.description ?? resolve(document, field).description ?? "",
    };
    const inside = { prefix: `${prefix}${name}.`, depth: depth + 1, seen: [...seen, object] };
    return [row, ...fields(document, field, inside)];
  });
}

/** The object schema behind references, nullable alternatives and lists; empty when there is none. */
function objectOf(document, schema) {
  const found = resolve(document, schema);
  if (found.type === "array") return objectOf(document, found.items ?? {});
  const alternatives = (found.anyOf ?? found.oneOf ?? []).filter((one) => one.type !== "null");
  if (alternatives.length === 1) return objectOf(document, alternatives[0]);
  if (found.allOf) {
    const parts = found.allOf.map((part) => objectOf(document, part));
    return {
      properties: Object.assign({}, ...parts.map((part) => part.properties ?? {})),
      required: parts.flatMap((part) => part.required ?? []),
    };
  }
  return found;
}

/** A value that the schema would accept, made of its examples and defaults where it has any. */
export function example(document, schema, depth = 0) {
  const found = resolve(document, schema);
  if (found.example !== undefined) return found.example;
  if (found.examples?.length) return found.examples[0];
  if (found.default !== undefined) return found.default;
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  const alternatives = found.anyOf ?? found.oneOf;
  if (alternatives) return example(document, alternatives.find((one) => one.type !== "null") ?? {}, depth);
  if (found.type === "array") return depth > 4 ? [] : [example(document, found.items ?? {}, depth + 1)];
  if (found.properties && depth <= 4) {
    return Object.fromEntries(
      Object.entries(found.properties).map(([name, field]) => [name, example(document, field, depth + 1)]),
    );
  }
  return { string: "", integer: 0, number: 0, boolean: false, null: null }[[found.type].flat()[0]] ?? {};
}
