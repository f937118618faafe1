import { execFileSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { shellQuoted, triggerAsCurl } from "./curl";

describe("shellQuoted", () => {
  it.each(["plain", "it's", '$HOME `id` \\ "x"', "line\nbreak", "'''", "日本語"])(
    "gives a shell %j as it is",
    (text) => {
      expect(execFileSync("/bin/sh", ["-c", `printf %s ${shellQuoted(text)}`], { encoding: "utf-8" })).toBe(text);
    },
  );
});

describe("triggerAsCurl", () => {
  it("names the workflow's endpoint, the key's variable and the payload", () => {
    expect(triggerAsCurl("http://localhost:8700", "0190-id", { tag: "it's v1" })).toBe(
      [
        "curl -X POST 'http://localhost:8700/api/workflows/0190-id/trigger' \\",
        '  -H "x-api-key: $RUNWRIGHT_API_KEY" \\',
        "  -H 'Content-Type: application/json' \\",
        `  -d '{"tag":"it'\\''s v1"}'`,
      ].join("\n"),
    );
  });
});
