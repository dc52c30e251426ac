// What packages that are built on this one need, and users do not.
export { callSite } from '../call/call-site.js';
export { isThenable } from '../call/function-kind.js';
export { type PolicyLayer, stackOf, type WrittenPolicy } from '../call/policy-stack.js';
export { brandOf, type ErrorMarks, markError } from '../errors/switchgear-error.js';
export { type NumberLimits, OptionReader, type Presence, type TextLimits } from '../options/option-reader.js';
