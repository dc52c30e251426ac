import { hashCells, type Text } from './text.js';

/** The kinds of named records. Their places in the list are their numbers in memory: new ones go to the end. */
const KINDS = ['circuit-breaker', 'bulkhead', 'rate-limit'] as const;

/** The kind of a named record, as policies call themselves. One name may stand for one record of each kind. */
export type RecordKind = (typeof KINDS)[number];

export function kindNumber(kind: RecordKind): number {
  return KINDS.indexOf(kind);
}

/** The hash of a name among those of a kind, so that a name may stand for a record of each kind. */
export function hashIn(kind: number, name: Text): number {
  return kind === 0 ? name.hash : hashCells([kind], name.hash);
}
