import type { components } from "./schema";

type Schemas = components["schemas"];

export type Status = Schemas["Status"];
export type Me = Schemas["MeOut"];
export type Role = Schemas["Role"];
export type Project = Schemas["ProjectOut"];
export type ApiKey = Schemas["ApiKeyOut"];
export type NewApiKey = Schemas["NewApiKeyOut"];
export type Workflow = Schemas["WorkflowOut"];
export type WorkflowSummary = Schemas["WorkflowSummaryOut"];
export type Template = Schemas["TemplateOut"];
export type Problem = Schemas["ProblemOut"];
export type BlockType = Schemas["BlockTypeOut"];
export type Version = Schemas["VersionOut"];
export type ExecutionSummary = Schemas["ExecutionSummary"];
export type Execution = Schemas["ExecutionOut"];
export type BlockRun = Execution["blocks"][number];
export type Review = Schemas["ReviewOut"];
export type Provider = Schemas["ProviderOut"];
export type Vendor = Schemas["Vendor"];
export type Credit = Schemas["CreditOut"];
export type Session = Schemas["SessionOut"];
