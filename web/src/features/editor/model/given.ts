import { upstreamOf } from "./graph";
import type { Block, Variable, Workflow } from "./workflow";

/** What a block needs to run by itself. */
export interface Given {
  /** The context variables that its fields name. */
  variables: Variable[];
  /** The blocks whose outputs it is given, in the order of the file. */
  blocks: Block[];
}

/** What has to be at hand to run a block without the others: what its fields name, and what it runs after. */
export function givenTo(workflow: Workflow, key: string): Given {
  const block = workflow.blocks.find((one) => one.key === key);
  if (!block) return { variables: [], blocks: [] };
  const text = JSON.stringify(Object.entries(block.fields).filter(([name]) => name !== "needs"));
  const upstream = new Set(upstreamOf(workflow.blocks, key));
  // A branch is only a way to here: which one was taken is not told to the block.
  const needed = new Set(block.needs.filter((need) => need.branch === null).map((need) => need.key));
  return {
    variables: workflow.inputs.filter(({ name }) => names(text, name)),
    blocks: workflow.blocks.filter(
      (other) => upstream.has(other.key) && (needed.has(other.key) || names(text, `blocks.${other.key}.output`)),
    ),
  };
}

/** Whether a name stands in a text by itself, and not as part of another. */
function names(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_.-])${escaped}(?![\\p{L}\\p{N}_-])`, "u").test(text);
}
