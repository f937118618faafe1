import createClient, { type Middleware } from "openapi-fetch";

import { connectionLost } from "./connection";
import { ConnectionError, errorOf } from "./errors";
import { placeHeaders } from "./place";
import type { paths } from "./schema";

const common: Middleware = {
  onRequest({ request }) {
    // Other sites cannot make a browser send this header: its presence proves that the request is our own.
    request.headers.set("X-Runwright-CSRF", "1");
    for (const [name, value] of Object.entries(placeHeaders())) request.headers.set(name, value);
  },
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    connectionLost();
    return new ConnectionError(error);
  },
};

/** The API, typed by its own description. Calls throw `ApiError` or `ConnectionError`. */
export const client = createClient<paths>();
client.use(common);

/** What a call answers; calls that answer nothing give `undefined`. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}
