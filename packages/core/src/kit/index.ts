// For the sibling packages. Users do not need these.
export { callerFrame, callSite, type Frame } from '../call/call-site.js';
export { compile } from '../call/compile.js';
export { Emitter } from '../events/emitter.js';
export { isGenerator, isThenable } from '../call/function-kind.js';
export { type PolicyLayer, stackOf, type WrittenPolicy } from '../call/policy-stack.js';
export { warnUser } from '../call/user-warning.js';
export { listenForWrappers, originalOf, type WrapListener } from '../call/wrapped-function.js';
export { isBreaker } from '../circuit/breaker-shape.js';
export { fieldOf, isObject, isObjectOrFunction, isPlain, prototypeChain } from '../errors/object-shape.js';
export { showValue } from '../errors/show-value.js';
export { brandOf, type ErrorMarks, markError } from '../errors/switchgear-error.js';
export {
  type ForeignNames,
  type NumberLimits,
  OptionReader,
  type Presence,
  type TextLimits,
} from '../options/option-reader.js';
export { MAX_TIMER_MS } from '../time/clock.js';
