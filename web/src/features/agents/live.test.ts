import { describe, expect, it } from "vitest";

import { type Answers, withPiece } from "./live";

function heard(...pieces: [number, number, string][]): Answers {
  return pieces.reduce<Answers>((known, [request, offset, delta]) => withPiece(known, { request, offset, delta }), []);
}

describe("withPiece", () => {
  it("puts pieces together, answer by answer", () => {
    expect(heard([1, 0, "Hel"], [1, 3, "lo"], [2, 0, "Bye"])).toEqual([
      { request: 1, text: "Hello" },
      { request: 2, text: "Bye" },
    ]);
  });

  it("begins anew with an answer that begins anew", () => {
    expect(heard([1, 0, "One"], [2, 0, "Half"], [2, 0, "Whole"])).toEqual([
      { request: 1, text: "One" },
      { request: 2, text: "Whole" },
    ]);
    expect(heard([1, 0, "One"], [2, 0, "Two"], [1, 0, "Again"])).toEqual([{ request: 1, text: "Again" }]);
  });

  it("shows that the beginning was missed", () => {
    expect(heard([2, 40, "the end"])).toEqual([{ request: 2, text: "… the end" }]);
  });
});
