import { expect, test } from "vitest";

import { freshProperty, propertiesOf, withProperties } from "./structure";

const SCHEMA = {
  type: "object",
  properties: {
    title: { type: "string", description: "A short one" },
    tags: { type: "array", items: { type: "string" } },
    sure: { type: "boolean" },
  },
  required: ["title"],
  additionalProperties: false,
};

test("a schema of simple fields is read and written without a loss", () => {
  const properties = propertiesOf(SCHEMA);
  expect(properties).toEqual([
    { name: "title", type: "string", description: "A short one", required: true },
    { name: "tags", type: "strings", description: "", required: false },
    { name: "sure", type: "boolean", description: "", required: false },
  ]);
  expect(withProperties(SCHEMA, properties ?? [])).toEqual(SCHEMA);
});

test("a schema that says more is left to its JSON", () => {
  expect(propertiesOf({ type: "array" })).toBeNull();
  expect(propertiesOf({ type: "object", properties: { a: { type: "string", enum: ["x"] } } })).toBeNull();
  expect(propertiesOf({ type: "object", properties: { a: { type: "array", items: { type: "number" } } } })).toBeNull();
});

test("no required field, no list of them; a new field has a free name", () => {
  const [first] = [freshProperty([])];
  expect(withProperties({}, [{ ...first, required: false }])).toEqual({
    type: "object",
    properties: { field1: { type: "string" } },
  });
  expect(freshProperty([first]).name).toBe("field2");
});
