import { type Channel, channel, type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import { threadSingleton } from '../process/thread-singleton.js';

/**
 * What subscribers of the tracing channel `switchgear:call` get: one guarded call, through the outermost policy of its stack. All
 * events of a call have the same object.
 */
export interface CallMessage {
  /** The kind of the outermost policy, such as `'retry'`. */
  readonly policy: string;
  /** The name of the innermost circuit of the stack that has one for this call, else of the innermost policy that has one. */
  readonly key: string | undefined;
  /** The name of the guarded function. */
  readonly name: string;
  /** What the call threw, or rejected with; there is no such property before. */
  error?: unknown;
}

/** What subscribers of the tracing channel `switchgear:attempt` get: one run of a guarded function. */
export interface AttemptMessage {
  /** The call that the attempt is part of; undefined where that began before there was a subscriber. */
  readonly call: CallMessage | undefined;
  /** The key of the call. */
  readonly key: string | undefined;
  /** The name of the guarded function. */
  readonly name: string;
  /** The number of the attempt of the innermost retry; 1 where there is none. */
  readonly attempt: number;
  /** What the function threw, or rejected with; there is no such property before. */
  error?: unknown;
}

/** What subscribers of the channel `switchgear:retry` get: a retry waits, and makes another attempt then. */
export interface RetryMessage {
  readonly policy: 'retry';
  /** The call that is retried; undefined where that began before there was a subscriber. */
  readonly call: CallMessage | undefined;
  /** The key of the call. */
  readonly key: string | undefined;
  /** The number of the attempt that has ended. */
  readonly attempt: number;
  /** How long the retry waits, in ms. */
  readonly delay: number;
  /** Ms since the call began, by the reading of the clock that the retry has decided by; undefined where it has no `maxElapsed`. */
  readonly elapsed: number | undefined;
  /** What the attempt failed with; undefined where it succeeded and the policy wants its result tried again. */
  readonly error: unknown;
}

interface Channels {
  readonly call: TracingChannel<unknown, CallMessage>;
  readonly attempt: TracingChannel<unknown, AttemptMessage>;
  readonly retry: Channel;
  readonly state: Channel;
  readonly refusal: Channel;
}

/** The channels of `node:diagnostics_channel`. Held here, since Node forgets a channel that has neither subscribers nor a holder. */
export const channels: Channels = threadSingleton('channels', () => ({
  call: tracingChannel<unknown, CallMessage>('switchgear:call'),
  attempt: tracingChannel<unknown, AttemptMessage>('switchgear:attempt'),
  retry: channel('switchgear:retry'),
  state: channel('switchgear:state'),
  refusal: channel('switchgear:refusal'),
}));

/** Whether a subscriber hears of single calls. Circuits must not take the fast path then. */
export function areCallsHeard(): boolean {
  const { call, attempt, retry } = channels;
  return call.hasSubscribers || attempt.hasSubscribers || retry.hasSubscribers;
}

/**
 * Calls a listener when the channels of single calls get a subscriber.
 *
 * Asking `hasSubscribers` in each call would cost calls of a closed circuit a tenth: 2 tracing channels are 10 channels. Node tells of
 * no subscription, but all ways to subscribe end in the method of the channel.
 */
export function onSubscription(listener: () => void): void {
  const { call, attempt, retry } = channels;
  for (const { start, end, asyncStart, asyncEnd, error } of [call, attempt])
    for (const one of [start, end, asyncStart, asyncEnd, error]) hearSubscriptions(one, listener);
  hearSubscriptions(retry, listener);
}

function hearSubscriptions(one: Channel, listener: () => void): void {
  const subscribe = (onMessage: unknown): void => {
    // Looked up each time: a channel changes its prototype when it gets its first subscriber.
    const own = Reflect.get(Object.getPrototypeOf(one) as object, 'subscribe') as typeof subscribe;
    Reflect.apply(own, one, [onMessage]);
    listener();
  };
  Object.defineProperty(one, 'subscribe', { value: subscribe, configurable: true, writable: true });
}
