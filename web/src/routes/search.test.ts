import { describe, expect, it } from "vitest";

import { readReviewFilters, readRunFilters, readSignIn, readWorkflowFilters } from "./search";

describe("readSignIn", () => {
  it("goes on to pages of this app", () => {
    expect(readSignIn({ next: "/runs?status=failed" })).toEqual({ next: "/runs?status=failed" });
  });

  it.each(["//evil.example/", "/\\evil.example", "https://evil.example", "javascript:alert(1)", 7, null])(
    "does not go on to %j",
    (next) => {
      expect(readSignIn({ next })).toEqual({ next: undefined });
    },
  );
});

describe("readRunFilters", () => {
  it("keeps what it knows", () => {
    const filters = { workflow: "0190", status: ["failed", "running"], trigger: "api", preview: false };
    expect(readRunFilters(filters)).toEqual({ ...filters, status: ["running", "failed"] });
  });

  it("takes a single status, and drops what is none", () => {
    expect(readRunFilters({ status: "failed" }).status).toEqual(["failed"]);
    expect(readRunFilters({ status: ["nonsense"], preview: "yes", workflow: {} })).toEqual({
      workflow: undefined,
      status: undefined,
      trigger: undefined,
      preview: undefined,
    });
  });
});

describe("the other readers", () => {
  it("read a number that was typed as a word to look for", () => {
    expect(readWorkflowFilters({ search: 2026 })).toEqual({ search: "2026", archived: undefined });
  });

  it("name every field, so that nothing unread passes by", () => {
    expect(Object.keys(readWorkflowFilters({}))).toEqual(["search", "archived"]);
    expect(Object.keys(readReviewFilters({}))).toEqual(["all", "execution"]);
  });
});
