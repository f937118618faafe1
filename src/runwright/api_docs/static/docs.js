// Renders /api/openapi.json. Everything from the document becomes text nodes, never markup.
import { example, fields, resolve, typeName } from "/api/docs/schema.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const byId = (id) => document.getElementById(id);

/** Make an element: attributes by name, listeners as functions, children as nodes or text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

function operationsOf(api) {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      path,
      method,
      parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((one) => resolve(api, one)),
      tag: item[method].tags?.[0] ?? "Other",
      id: item[method].operationId ?? `${method}${path}`.replaceAll(/\W+/g, "-"),
      ...pick(item[method]),
    })),
  );
}

function pick({ summary, description, requestBody, responses, deprecated }) {
  return { summary: summary ?? "", description: description ?? "", requestBody, responses: responses ?? {}, deprecated };
}

/** Text in which `code` between back-quotes is shown as code. */
function prose(text) {
  const parts = text.split(/(`+[^`]+`+)/).map((part) => (part.startsWith("`") ? make("code", {}, part.replaceAll("`", "")) : part));
  return make("span", { class: "prose" }, ...parts);
}

function table(headings, rows) {
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...headings.map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((text) => make("td", {}, prose(text)))))),
  );
}

function section(title, ...content) {
  return make("section", {}, make("h3", {}, title), ...content);
}

function jsonSchema(content) {
  const type = Object.keys(content ?? {}).find((name) => name.endsWith("json"));
  return type ? { type, schema: content[type].schema ?? {}, example: content[type].example } : undefined;
}

function fieldTable(api, schema) {
  const rows = fields(api, schema).map((field) => [
    field.name,
    field.type + (field.required ? "" : " · optional"),
    field.description,
  ]);
  return rows.length ? table(["Field", "Type", "Meaning"], rows) : make("p", {}, make("code", {}, typeName(api, schema)));
}

function parametersSection(api, parameters) {
  if (!parameters.length) return undefined;
  const rows = parameters.map((one) => [
    one.name,
    `${one.in}, ${typeName(api, one.schema)}${one.required ? "" : " · optional"}`,
    one.description ?? one.schema?.description ?? "",
  ]);
  return section("Parameters", table(["Name", "Where, type", "Meaning"], rows));
}

function bodySection(api, requestBody) {
  const body = jsonSchema(resolve(api, requestBody ?? {}).content);
  return body && section("Body", fieldTable(api, body.schema));
}

function responsesSection(api, responses) {
  const blocks = Object.entries(responses).map(([status, given]) => {
    const response = resolve(api, given);
    const body = jsonSchema(response.content);
    const line = make("summary", {}, make("code", {}, status), ` ${response.description ?? ""}`);
    if (!body) return make("p", {}, make("code", {}, status), ` ${response.description ?? ""}`);
    const shown = body.example ?? example(api, body.schema);
    return make("details", {}, line, fieldTable(api, body.schema), make("pre", {}, JSON.stringify(shown, null, 2)));
  });
  return section("Answers", ...blocks);
}

function curl(operation, body) {
  const lines = [`curl -X ${operation.method.toUpperCase()} '${location.origin}${operation.path}'`, `-H 'x-api-key: '"$RUNWRIGHT_API_KEY"`];
  if (body !== undefined) lines.push("-H 'content-type: application/json'", `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  return lines.join(" \\\n  ");
}

async function send(event, operation, output) {
  event.preventDefault();
  const form = new FormData(event.target);
  const query = new URLSearchParams();
  const headers = { "x-api-key": byId("key").value };
  let path = operation.path;
  for (const one of operation.parameters) {
    const value = form.get(`${one.in}:${one.name}`);
    if (!value) continue;
    if (one.in === "path") path = path.replace(`{${one.name}}`, encodeURIComponent(value));
    else if (one.in === "query") query.append(one.name, value);
    else if (one.in === "header") headers[one.name] = value;
  }
  const body = form.get("body");
  if (body) headers["content-type"] = "application/json";
  output.textContent = "…";
  try {
    const address = path + (query.size ? `?${query}` : "");
    const response = await fetch(address, { method: operation.method.toUpperCase(), headers, body: body || undefined });
    output.textContent = `${response.status} ${response.statusText}\n\n${pretty(await response.text())}`;
  } catch (error) {
    output.textContent = `No answer: ${error.message}`;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function trySection(operation, body) {
  const output = make("pre", { role: "status" });
  const inputs = operation.parameters
    .filter((one) => one.in !== "cookie" && one.name.toLowerCase() !== "x-api-key")
    .map((one) => make("label", {}, one.name, make("input", { name: `${one.in}:${one.name}`, autocomplete: "off" })));
  const area = body === undefined ? undefined : make("textarea", { name: "body", "aria-label": "Body" });
  if (area) area.value = JSON.stringify(body, null, 2);
  const form = make("form", { submit: (event) => send(event, operation, output) }, ...inputs, area, make("button", {}, "Send"));
  return make("details", {}, make("summary", {}, "Try it on this server"), form, output);
}

function article(api, operation) {
  const content = jsonSchema(resolve(api, operation.requestBody ?? {}).content);
  const body = content && (content.example ?? example(api, content.schema));
  const heading = make(
    "summary",
    {},
    make("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()),
    make("span", { class: "path" }, operation.path),
    make("span", { class: "summary" }, operation.summary + (operation.deprecated ? " (deprecated)" : "")),
  );
  const details = make("details", {}, heading);
  // Most calls are never opened: their insides are made when they are.
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    details.append(
      make(
        "div",
        { class: "inside" },
        ...[
          operation.description && make("p", {}, prose(operation.description)),
          parametersSection(api, operation.parameters),
          bodySection(api, operation.requestBody),
          section("Example", make("pre", {}, curl(operation, body))),
          responsesSection(api, operation.responses),
          trySection(operation, body),
        ].filter(Boolean),
      ),
    );
  });
  return make("article", { id: operation.id }, details);
}

function show(api) {
  const operations = operationsOf(api);
  document.title = `${api.info.title} API`;
  byId("title").textContent = `${api.info.title} API ${api.info.version}`;
  byId("about").textContent = api.info.description ?? "";
  byId("state").remove();
  for (const tag of new Set(operations.map((one) => one.tag))) {
    const own = operations.filter((one) => one.tag === tag);
    byId("main").append(make("h2", {}, tag), ...own.map((one) => article(api, one)));
    const links = own.map((one) => make("li", { "data-words": words(one) }, link(one)));
    byId("contents").append(make("section", {}, make("h2", {}, tag), make("ul", {}, ...links)));
  }
  byId("search").addEventListener("input", filter);
  addEventListener("hashchange", openNamed);
  openNamed();
}

function link(operation) {
  return make(
    "a",
    { href: `#${operation.id}`, click: () => openCall(operation.id) },
    make("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()),
    make("span", {}, operation.summary || operation.path),
  );
}

const words = (one) => `${one.method} ${one.path} ${one.summary} ${one.tag} ${one.description}`.toLowerCase();

function filter(event) {
  const wanted = event.target.value.toLowerCase().split(/\s+/);
  for (const group of byId("contents").children) {
    let any = false;
    for (const item of group.querySelectorAll("li")) {
      item.hidden = !wanted.every((word) => item.dataset.words.includes(word));
      any ||= !item.hidden;
    }
    group.hidden = !any;
  }
}

function openCall(id) {
  const details = byId(id)?.querySelector("details");
  if (details) details.open = true;
}

function openNamed() {
  const id = decodeURIComponent(location.hash.slice(1));
  openCall(id);
  byId(id)?.scrollIntoView();
}

try {
  const response = await fetch("/api/openapi.json");
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  show(await response.json());
} catch (error) {
  byId("state").textContent = `The API document could not be loaded: ${error.message}`;
}
