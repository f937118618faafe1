import { describe, expect, it } from "vitest";

import { snippets } from "./snippets";

const CALL = {
  endpoint: "https://runs.example.com/api/workflows/0199/trigger",
  workflowId: "0199",
  variables: { tag: "it's v1" },
};

describe("the examples of a trigger", () => {
  const texts = Object.fromEntries(snippets(CALL).map((snippet) => [snippet.id, snippet.text]));

  it("all name the address, the key's header and the variables", () => {
    for (const text of Object.values(texts)) {
      expect(text).toContain(CALL.endpoint);
      expect(text).toContain("x-api-key");
      expect(text).toContain("tag");
    }
  });

  it("quote values for the shell", () => {
    expect(texts.curl).toContain(`-d '{"tag":"it'\\''s v1"}'`);
  });

  it("take the key from the secrets of GitHub", () => {
    expect(texts.github).toContain("${{ secrets.RUNWRIGHT_API_KEY }}");
  });
});
