import type { ForeignNames } from '../options/foreign-names.js';

const RETRIES = 'it counts the attempts after the first, so that 3 attempts in all are maxRetries: 2';
const ERRORS = 'it takes error classes, functions of the error, or a list of both';

/** The names that other libraries have for the options of a retry. */
export const FOREIGN_NAMES: ForeignNames = {
  // p-retry, and retry below it
  retries: 'maxRetries',
  minTimeout: 'initialDelay',
  maxTimeout: 'maxDelay',
  maxRetryTime: 'maxElapsed',
  randomize: ['jitter', "write 'full' or 'none'"],
  forever: ['maxRetries', 'write Infinity'],
  onFailedAttempt: ['onRetry', 'it is called before each wait; onGiveUp is called once at the end'],
  shouldRetry: ['retryOn', 'a function of the error; retryIf is asked about results as well'],
  shouldConsumeRetry: [
    undefined,
    'each attempt counts, but waits for a circuit with waitForCircuit: true do not',
  ],
  unref: [undefined, 'a wait keeps the process alive, because a caller waits for it'],
  bail: [undefined, 'throw stopRetrying(error) to end the attempts'],
  // cockatiel
  maxAttempts: ['maxRetries', `${RETRIES}; cockatiel's maxAttempts: 3 is maxRetries: 3`],
  backoff: [undefined, "write initialDelay and factor, growth: 'linear', or delays: ['100ms', '1s']"],
  exponent: 'factor',
  generator: ['jitter', "write 'full' or 'none'"],
  // resilience4j
  waitDuration: ['initialDelay', "beside factor: 1 and jitter: 'none' for the same wait each time"],
  intervalFunction: ['delays', 'a function of the number of the retry'],
  intervalBiFunction: ['delays', 'a function of the number of the retry and the outcome'],
  retryExceptions: ['retryOn', ERRORS],
  ignoreExceptions: ['retryOn', 'a function that returns false for these errors'],
  retryOnExceptionPredicate: 'retryOn',
  retryOnResultPredicate: [
    'retryIf',
    "a function of the outcome: (outcome) => outcome.status === 'succeeded' && …",
  ],
  exponentialBackoffMultiplier: 'factor',
  exponentialMaxWaitDuration: 'maxDelay',
  enableExponentialBackoff: ['growth', "write 'exponential', which is the default, or 'linear'"],
  enableRandomizedWait: ['jitter', "write 'full' or 'none'"],
  randomizedWaitFactor: ['jitter', "write 'full' or 'none'"],
  failAfterMaxAttempts: [undefined, 'the error of the last attempt is rethrown as it is'],
  // Polly
  maxRetryAttempts: 'maxRetries',
  retryCount: 'maxRetries',
  delay: 'initialDelay',
  backoffType: ['growth', "write 'exponential' or 'linear'; for a constant wait factor: 1"],
  useJitter: ['jitter', "write 'full' or 'none'"],
  shouldHandle: ['retryOn', 'a function of the error; retryIf is asked about results as well'],
  delayGenerator: ['delays', 'a function of the number of the retry and the outcome'],
  sleepDurationProvider: ['delays', 'a function of the number of the retry and the outcome'],
  sleepDurations: 'delays',
  // axios-retry, ky, got
  retryCondition: ['retryOn', 'a function of the error'],
  retryDelay: ['delays', 'a function of the number of the retry and the outcome, or a list'],
  backoffLimit: 'maxDelay',
  calculateDelay: ['delays', 'a function of the number of the retry and the outcome'],
  limit: 'maxRetries',
  statusCodes: ['retryOn', 'a function of the error, such as (error) => statusOf(error) === 503'],
  // Common elsewhere.
  attempts: ['maxRetries', RETRIES],
  times: ['maxRetries', RETRIES],
  timeout: ['maxElapsed', 'it is the time of all attempts; an attempt that runs is not stopped'],
  multiplier: 'factor',
  timeMultiple: 'factor',
  startingDelay: 'initialDelay',
  numOfAttempts: ['maxRetries', RETRIES],
};
