/** Words of what an agent did: its requests to models and its calls of tools. */
export const agentTexts = {
  kinds: { model: "Model", judge: "Judge", tool: "Tool", tools: "Tools offered" } as Record<string, string>,
  requests: (count: number) => (count === 1 ? "1 model request" : `${count} model requests`),
  toolCalls: (count: number) => (count === 1 ? "1 tool call" : `${count} tool calls`),
  tokens: (input: number, output: number) => `${input} tokens in, ${output} out`,
  priceUnknown: "price unknown",
  answer: "Answer",
  arguments: "Given",
  result: "Result",
  wants: (tool: string) => `Calls ${tool}`,
};
