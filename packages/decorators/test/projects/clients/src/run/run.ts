import type { Fault, Named } from './fault.js';
import { measure } from './measure.js';
import type { Outcome } from './outcome.js';

/** Cases that run at a time: most of them wait. */
const PARALLEL = 8;

/** One cell of a table; undefined where the client has no such feature. */
export interface Cell {
  readonly client: string;
  readonly fault: string;
  readonly outcome: Outcome | undefined;
}

/** Runs each client against each fault. */
export async function run<Client extends Named>(
  clients: readonly Client[],
  faults: readonly Fault<Client>[],
): Promise<readonly Cell[]> {
  const cases = faults.flatMap((fault) => clients.map((client) => ({ client, fault })));
  const cells: Cell[] = [];
  const next = cases.entries();
  const lane = async () => {
    for (const [index, { client, fault }] of next) {
      const scene = await fault.begin(client);
      const lines = { ...client.lines, ...fault.lines };
      const outcome = scene === undefined ? undefined : await measure(scene, lines);
      cells[index] = { client: client.name, fault: fault.name, outcome };
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  return cells;
}
