export { type ExplainedLayer, explainStack, type StackExplanation } from './explain-stack.js';
export type { PipelineParts } from './parts.js';
export { pipeline, type PipelineOptions } from './pipeline.js';
