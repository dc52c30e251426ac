/**
 * What an error says happened.
 *
 * - `refusal`: a policy of ours refused the call; nothing was tried
 * - `abort`: the call was aborted
 * - `timeout`: an answer took too long
 * - `answer`: the dependency is healthy and said no, as in HTTP 404 or a violated constraint
 * - `denied`: an answer that a gateway, a proxy or a bad deploy gives as well, as in HTTP 401 and 403
 * - `overload`: the dependency has too much to do, or told us when to come again
 * - `outage`: the dependency, or the way to it, is broken
 * - `bug`: the program is wrong, as in a ReferenceError
 * - `unknown`: none of these can be told for certain
 */
export type FailureKind =
  'refusal' | 'abort' | 'timeout' | 'answer' | 'denied' | 'overload' | 'outage' | 'bug' | 'unknown';

/** Whose way of speaking the error was read in: a protocol, a kind of client, or `none`. */
export type FailureFamily =
  | 'switchgear'
  | 'amqp'
  | 'http'
  | 'aws'
  | 'google'
  | 'graphql'
  | 'grpc'
  | 'kafka'
  | 'mongodb'
  | 'nats'
  | 'redis'
  | 'smtp'
  | 'sql'
  | 'system'
  | 'tls'
  | 'code'
  | 'marks'
  | 'none';

/** One reading of an error. */
export interface Failure {
  readonly kind: FailureKind;
  readonly family: FailureFamily;
  /** The HTTP status, 300 to 599, where the error has one. */
  readonly status: number | undefined;
  /** How long the other side asks to be left alone, in ms; at least 0. */
  readonly retryAfter: number | undefined;
  /** Whether another attempt may fare better. */
  readonly transient: boolean;
  /** What was recognised, in few words: `HTTP 503`, `SQLSTATE 23505`. Never the message, which may hold data of users. */
  readonly text: string;
}

/** A reading that many errors share. Frozen, because all of them return the same object. */
export function sharedFailure(
  kind: FailureKind,
  family: FailureFamily,
  transient: boolean,
  text: string,
  status?: number,
): Failure {
  return Object.freeze({ kind, family, status, retryAfter: undefined, transient, text });
}

/** A reading of one error alone. */
export function failure(kind: FailureKind, family: FailureFamily, transient: boolean, text: string): Failure {
  return { kind, family, status: undefined, retryAfter: undefined, transient, text };
}
