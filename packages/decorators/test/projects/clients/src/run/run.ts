import type { Fault, Named } from './fault.js';
import { measure, type Scene } from './measure.js';
import type { Outcome } from './outcome.js';

/** Cases that run at a time: most of them wait. */
const PARALLEL = 6;

/** One cell of a table. */
export interface Cell {
  readonly client: string;
  readonly fault: string;
  readonly expected: Outcome;
  /** Undefined where the client has no such feature. */
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
      const scene = await begun(client, fault);
      const lines = { ...client.lines, ...fault.lines };
      const outcome = scene === undefined ? undefined : await measure(scene, lines);
      const expected = client.expects?.(fault.expected) ?? fault.expected;
      cells[index] = { client: client.name, fault: fault.name, expected, outcome };
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  return cells;
}

async function begun<Client extends Named>(client: Client, fault: Fault<Client>): Promise<Scene | undefined> {
  try {
    return await fault.begin(client);
  } catch (cause) {
    throw new Error(`${client.name}, ${fault.name}: cannot begin`, { cause });
  }
}
