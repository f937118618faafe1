/** What a snippet is filled with. */
export interface Call {
  /** The whole address of the trigger. */
  endpoint: string;
  workflowId: string;
  /** Context variables with an example value each. */
  variables: Readonly<Record<string, string>>;
}

export interface Snippet {
  id: "curl" | "python" | "javascript" | "github";
  label: string;
  text: string;
}

/** Ready requests that trigger a workflow, filled with its address and variables. */
export function snippets(call: Call): Snippet[] {
  return [
    { id: "curl", label: "curl", text: curl(call) },
    { id: "python", label: "Python", text: python(call) },
    { id: "javascript", label: "JavaScript", text: javascript(call) },
    { id: "github", label: "GitHub Actions", text: githubActions(call) },
  ];
}

function curl({ endpoint, variables }: Call, options = ""): string {
  const body = shellQuoted(JSON.stringify(variables));
  return [
    `curl ${options}-X POST ${endpoint} \\`,
    `  -H "x-api-key: $RUNWRIGHT_API_KEY" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d ${body}`,
  ].join("\n");
}

function python({ endpoint, variables }: Call): string {
  return `import json
import os
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(endpoint)},
    data=json.dumps(${json(variables, 4)}).encode(),
    headers={"x-api-key": os.environ["RUNWRIGHT_API_KEY"], "Content-Type": "application/json"},
    method="POST",
)
with urllib.request.urlopen(request) as answer:
    print(json.load(answer)["executionId"])
`;
}

function javascript({ endpoint, variables }: Call): string {
  return `const answer = await fetch(${JSON.stringify(endpoint)}, {
  method: "POST",
  headers: {
    "x-api-key": process.env.RUNWRIGHT_API_KEY,
    "Content-Type": "application/json",
  },
  body: JSON.stringify(${json(variables, 2)}),
});
const { executionId } = await answer.json();
console.log(executionId);
`;
}

function githubActions(call: Call): string {
  // A refused request is to fail the job.
  const request = curl(call, "--fail-with-body ")
    .split("\n")
    .map((line) => `          ${line}`)
    .join("\n");
  return `on: workflow_dispatch
jobs:
  trigger:
    runs-on: ubuntu-latest
    steps:
      - name: Trigger the workflow
        env:
          RUNWRIGHT_API_KEY: \${{ secrets.RUNWRIGHT_API_KEY }}
        run: |
${request}
`;
}

function json(variables: Readonly<Record<string, string>>, indent: number): string {
  return JSON.stringify(variables, null, indent === 4 ? 4 : 2).replace(/\n/g, `\n${" ".repeat(indent)}`);
}

function shellQuoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
