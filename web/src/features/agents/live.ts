/** The answers of a block's models as they come in, the request they answer with each. */
export type Answers = readonly { request: number; text: string }[];

/**
 * The answers after one more piece. A piece at the beginning of an answer takes the place of what was heard of that
 * answer and of later ones: it was cut off, and is asked for anew.
 */
export function withPiece(answers: Answers, data: Readonly<Record<string, unknown>>): Answers {
  const request = typeof data.request === "number" ? data.request : (answers.at(-1)?.request ?? 1);
  const piece = typeof data.delta === "string" ? data.delta : "";
  if (data.offset === 0) return [...answers.filter((answer) => answer.request < request), { request, text: piece }];
  if (answers.some((answer) => answer.request === request)) {
    return answers.map((answer) => (answer.request === request ? { request, text: answer.text + piece } : answer));
  }
  // Its beginning was said before anybody listened here.
  const missed = typeof data.offset === "number" ? "… " : "";
  return [...answers, { request, text: missed + piece }];
}
