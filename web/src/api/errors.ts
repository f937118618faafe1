/** One thing that is wrong with what was sent. */
export interface FieldProblem {
  message: string;
  /** Where: `body.name`, or `blocks.fetch.url` in a workflow file. */
  place: string;
  line?: number;
}

/** The server refused a request. The message is a sentence for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** What is wrong, field by field; empty when the server did not say. */
  get problems(): FieldProblem[] {
    const { problems } = this.details;
    return Array.isArray(problems) ? problems.map(asProblem) : [];
  }
}

/** The server did not answer at all. */
export class ConnectionError extends Error {
  constructor(cause: unknown) {
    super("The server does not answer.", { cause });
    this.name = "ConnectionError";
  }
}

/** The error that an answer without success stands for: a problem of RFC 9457, or the envelope of the public API. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = await jsonOf(response);
  const message = text(body.detail) || text(body.error) || response.statusText || `HTTP ${response.status}`;
  return new ApiError(response.status, message, body);
}

async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function asProblem(value: unknown): FieldProblem {
  const entry = value as Record<string, unknown>;
  return {
    message: text(entry.message),
    place: text(entry.place) || text(entry.path),
    line: typeof entry.line === "number" ? entry.line : undefined,
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
