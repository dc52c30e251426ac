import type { Outcome } from '../call/outcome.js';

/**
 * What became of one attempt. It is `refused` where a policy further in, such as a circuit, did not let it through; `error`
 * is then the refusal, also where what was thrown only has it as its cause.
 */
export type AttemptOutcome<Result = unknown> = Outcome<Result>;
