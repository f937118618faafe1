import { describe, expect, it } from "vitest";

import { asJson, naturalFormat } from "./format";

describe("asJson", () => {
  it("lays objects and lists out", () => {
    expect(asJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it.each(["plain text", "{not json", "42", '"quoted"', ""])("leaves %j alone", (text) => {
    expect(asJson(text)).toBeNull();
  });
});

describe("naturalFormat", () => {
  it("shows structured output as JSON and all else formatted", () => {
    expect(naturalFormat('[{"id": 1}]')).toBe("json");
    expect(naturalFormat("# Notes")).toBe("formatted");
  });
});
