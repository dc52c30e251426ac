import { type ForeignNames, shareOfPercent } from '../../options/foreign-names.js';

const TIMEOUT = (received: unknown): string =>
  `a circuit does not end calls; give each call a signal, such as AbortSignal.timeout(${typeof received === 'number' ? received : 3_000})`;
const COUNTED = 'a function of the error that returns true for what counts';
const MATCHER = 'it takes error classes, functions of the error, or a list of both';

/** The names that other libraries have for the options of a circuit. */
export const FOREIGN_NAMES: ForeignNames = {
  // Ours, in another place.
  failureThreshold: 'failureThreshold',
  slowCallDuration: 'slowCallDuration',
  resetTimeout: 'resetTimeout',
  successThreshold: 'successThreshold',
  calls: 'window.calls',
  duration: 'window.duration',
  minimumCalls: 'window.minimumCalls',
  failureRate: 'window.failureRate',
  slowRate: 'window.slowRate',
  permits: 'halfOpen.permits',
  permitTimeout: 'halfOpen.permitTimeout',
  // opossum
  timeout: [undefined, TIMEOUT],
  errorThresholdPercentage: ['window.failureRate', shareOfPercent],
  volumeThreshold: 'window.minimumCalls',
  rollingCountTimeout: 'window.duration',
  rollingCountBuckets: [undefined, 'a window has ten buckets, always'],
  errorFilter: ['expectedErrors', 'a function that returns the opposite: true for the errors that count'],
  handleType: ['expectedErrors', MATCHER],
  handleWhen: ['expectedErrors', COUNTED],
  group: 'key',
  maxFailures: 'failureThreshold',
  name: 'key',
  capacity: [undefined, 'a circuit does not limit the calls in flight'],
  fallback: [undefined, 'catch the error of the call: isRefusal(error) tells a refusal'],
  allowWarmUp: ['window.minimumCalls', 'the rates count from that many calls on'],
  enabled: [undefined, "circuits.force(key, 'closed') admits every call and counts nothing"],
  abortController: [undefined, 'hand a signal to the function itself'],
  cache: [undefined, 'a circuit keeps no results'],
  coalesce: [undefined, 'a circuit does not share calls'],
  // cockatiel
  halfOpenAfter: 'resetTimeout',
  threshold: ['window.failureRate', 'a share of 1; failures in a row are failureThreshold, a whole number'],
  minimumRps: ['window.minimumCalls', 'it is a number of calls in the whole window, not in a second'],
  minimumNumberOfCalls: 'window.minimumCalls',
  size: 'window.calls',
  breaker: [
    undefined,
    'write failureThreshold: 5 for new ConsecutiveBreaker(5), and window: { duration, failureRate } for a SamplingBreaker',
  ],
  initialState: [undefined, 'force(mode) opens a circuit by hand'],
  consecutiveFailures: 'failureThreshold',
  // resilience4j
  failureRateThreshold: ['window.failureRate', shareOfPercent],
  slowCallRateThreshold: ['window.slowRate', shareOfPercent],
  slowCallDurationThreshold: 'slowCallDuration',
  permittedNumberOfCallsInHalfOpenState: [
    'halfOpen.permits',
    'successThreshold says how many probes have to succeed',
  ],
  maxWaitDurationInHalfOpenState: 'halfOpen.permitTimeout',
  slidingWindowType: [undefined, "write window: { calls: 100 } or window: { duration: '10s' }"],
  slidingWindowSize: ['window.calls', 'window.duration for a window of time'],
  waitDurationInOpenState: 'resetTimeout',
  waitIntervalFunctionInOpenState: ['resetTimeout', "as { initialDelay: '30s', factor: 2, maxDelay: '5m' }"],
  exponentialBackoffMultiplier: [
    'resetTimeout.factor',
    "beside initialDelay: resetTimeout: { initialDelay: '30s', factor: 2 }",
  ],
  exponentialMaxWaitDurationInOpenState: [
    'resetTimeout.maxDelay',
    "beside initialDelay: resetTimeout: { initialDelay: '30s', maxDelay: '5m' }",
  ],
  automaticTransitionFromOpenToHalfOpenEnabled: [undefined, 'the first call after resetTimeout is the probe'],
  ringBufferSizeInClosedState: 'window.calls',
  ringBufferSizeInHalfOpenState: 'halfOpen.permits',
  recordExceptions: ['expectedErrors', MATCHER],
  ignoreExceptions: ['excludedErrors', MATCHER],
  recordExceptionPredicate: ['expectedErrors', COUNTED],
  recordFailurePredicate: ['expectedErrors', COUNTED],
  ignoreExceptionPredicate: [
    'excludedErrors',
    'a function of the error that returns true for what does not count',
  ],
  recordResultPredicate: 'isFailure',
  // Polly
  failureRatio: 'window.failureRate',
  minimumThroughput: 'window.minimumCalls',
  samplingDuration: 'window.duration',
  breakDuration: 'resetTimeout',
  durationOfBreak: 'resetTimeout',
  breakDurationGenerator: ['resetTimeout', "as { initialDelay: '30s', factor: 2, maxDelay: '5m' }"],
  handledEventsAllowedBeforeBreaking: 'failureThreshold',
  exceptionsAllowedBeforeBreaking: 'failureThreshold',
  shouldHandle: ['expectedErrors', COUNTED],
  onOpened: 'onOpen',
  onBreak: 'onOpen',
  onHalfOpened: 'onHalfOpen',
  onClosed: 'onClose',
  onReset: 'onClose',
  manualControl: [undefined, 'circuits.force(key, mode) takes a circuit in hand'],
  stateProvider: [undefined, 'circuits.get(key).state is the state'],
};
