import { describe, expect, it } from "vitest";

import { fieldsOf } from "./schema";
import { numberOrText, shownValue, writtenValue } from "./values";

const SCHEMA = {
  $defs: { Limits: { type: "object", properties: { max_tokens: { type: "integer" } } } },
  properties: {
    language: { const: "python", type: "string" },
    url: { type: "string", description: "Where to." },
    method: { type: "string", default: "GET" },
    headers: { type: "object", additionalProperties: { type: "string" } },
    expect: { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "null" }] },
    default: { anyOf: [{ enum: ["approve", "reject"], type: "string" }, { type: "null" }] },
    seconds: { anyOf: [{ type: "number" }, { type: "string" }, { type: "null" }] },
    json: {},
    limits: { $ref: "#/$defs/Limits", description: "How much." },
    output: { anyOf: [{ const: "text" }, { type: "object" }] },
    code: { type: "string" },
    branches: { type: "object" },
  },
  required: ["url"],
};

describe("the fields of a block type", () => {
  const fields = fieldsOf(SCHEMA, { url: "template" });

  it("are drawn by what they can hold", () => {
    expect(Object.fromEntries(fields.map((field) => [field.name, field.kind]))).toEqual({
      url: "text",
      method: "text",
      headers: "pairs",
      expect: "numbers",
      default: "choice",
      seconds: "text",
      json: "any",
      limits: "group",
      output: "any",
      code: "code",
      branches: "branches",
    });
  });

  it("have their label, help, preset and markers", () => {
    const [url, method] = fields;
    expect(url).toMatchObject({ label: "URL", description: "Where to.", required: true, looksUp: "template" });
    expect(method?.preset).toBe("GET");
    expect(fields.find((field) => field.name === "limits")?.fields[0]?.label).toBe("Max tokens");
  });
});

describe("values of any form", () => {
  it("are texts, or lists and mappings", () => {
    expect(writtenValue("{{ name }}")).toBe("{{ name }}");
    expect(writtenValue("a: 1")).toEqual({ a: 1 });
    expect(writtenValue('{"a": [1]}')).toEqual({ a: [1] });
    expect(writtenValue("12")).toBe("12");
    expect(writtenValue(" ")).toBeUndefined();
    expect(shownValue({ a: [1] })).toBe("a:\n  - 1");
    expect(shownValue("text")).toBe("text");
  });

  it("are numbers where they are", () => {
    expect(numberOrText("5")).toBe(5);
    expect(numberOrText("{{ seconds }}")).toBe("{{ seconds }}");
    expect(numberOrText("")).toBeUndefined();
  });
});
