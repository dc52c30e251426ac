import type { Lines, Scene } from './measure.js';
import type { Outcome } from './outcome.js';

/** Something that goes wrong, and what a user of any client expects of it. */
export interface Fault<Client> {
  /** As the page names it. */
  readonly name: string;
  readonly expected: Outcome;
  /** Builds the server that goes wrong, and connects the client; undefined where the client has no such feature. */
  readonly begin: (client: Client) => Promise<Scene | undefined> | Scene | undefined;
  /** What the policies need to be told beside the defaults, whichever the client. */
  readonly lines?: Lines;
}

/** What the run knows of every client. */
export interface Named {
  readonly name: string;
  /** The lines that its users write; see the page. */
  readonly lines?: Lines;
  /** What its users expect, where the client has a way of its own for everything. */
  readonly expects?: (expected: Outcome) => Outcome;
}
