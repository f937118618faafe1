import { describe, expect, it } from "vitest";

import { browserName } from "./browser";

describe("browserName", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605.1 Version/19.0 Safari/604.1", "Safari on iOS"],
    ["curl/8.0.0", "curl/8.0.0"],
  ])("calls %s %s", (userAgent, name) => {
    expect(browserName(userAgent)).toBe(name);
  });

  it("has no name for one that says nothing", () => {
    expect(browserName(null)).toBeNull();
  });
});
