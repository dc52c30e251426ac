import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const packages = join(import.meta.dirname, '../../..');

/** An identifier that is not used any more, and the word to use instead of it. */
interface RetiredWord {
  /** Folders below `packages`. */
  readonly folders: readonly string[];
  readonly word: RegExp;
  readonly instead: string;
}

const core = ['core/src'];
const circuit = ['core/src/circuit'];
const sources = ['core/src', 'decorators/src', 'bench/src'];
const executor = ['executor/src'];

const retiredWords: readonly RetiredWord[] = [
  { folders: core, word: /^gates?$/i, instead: 'LocalCircuit' },
  { folders: core, word: /^hubs?$/i, instead: 'feed, TransitionFeed' },
  { folders: circuit, word: /^(place|places|PlaceRequest)$/, instead: 'record' },
  { folders: core, word: /^births?$/, instead: 'incarnation' },
  { folders: circuit, word: /^verdict$/i, instead: 'OutcomeKind' },
  // The room `local` and retry follow: a word is listed for a room when it is gone there.
  {
    folders: ['core/src/circuit/machine', 'core/src/panel', 'core/src/circuit/events'],
    word: /^move[ds]$/,
    instead: 'onTransition, panelEpoch',
  },
  { folders: core, word: /^(stand|standing|isStanding)$/, instead: 'isAlive, ensureExists' },
  { folders: core, word: /^(LookUp|FindCircuit|finderOf|circuitFor)$/, instead: 'resolveCircuit' },
  { folders: core, word: /^(announced?|announcements?)$/, instead: 'publish for events, log for the ring' },
  { folders: core, word: /^(noticed|notified)$/, instead: 'publish, wake or callUser' },
  { folders: sources, word: /^MOST_/, instead: 'MAX_…' },
  { folders: sources, word: /^LEAST/, instead: 'MIN_…' },
  { folders: ['core/src/errors'], word: /^attempt$/, instead: 'tryRead' },
  { folders: sources, word: /^graceMs$/, instead: 'grace, a Duration' },
  {
    folders: ['core/src/circuit', 'core/src/time'],
    word: /^(YEAR|LONGEST_TIMER)$/,
    instead: 'YEAR_MS, MAX_TIMER_MS',
  },
  { folders: executor, word: /^(stand|standing|isStanding)$/, instead: 'isAlive' },
  { folders: executor, word: /^(noticed|notified)$/, instead: 'publish, wake or callUser' },
  {
    folders: executor,
    word: /^(NEWS|LOT|LOOK|SHARES|WITNESSES|SILENCE|GAIN|LONGEST_TIMER)$/,
    instead:
      'EWMA_WEIGHT, CREDIT_BATCH, CLOCK_CHECK_INTERVAL, CHUNKS_PER_WORKER, SAMPLES_NEEDED, SILENT_MS, MIN_SPEEDUP, MAX_TIMER_MS',
  },
];

describe.each(retiredWords)('in $folders the identifier $word', ({ folders, word, instead }) => {
  it(`is retired; use ${instead}`, () => {
    const uses = folders
      .flatMap(filesIn)
      .flatMap((file) => identifiersIn(textOf(file)).map((identifier) => ({ ...identifier, file })))
      .filter(({ name }) => word.test(name));
    expect(uses.map(({ name, line, file }) => `${file}:${line}: ${name}; use ${instead}`)).toEqual([]);
  });
});

it('reads identifiers, and neither comments nor texts', () => {
  const text = "/* gate */ const hub = 'birth'; class Room { #place = `verdict ${moved}`; }";
  expect(identifiersIn(text).map(({ name }) => name)).toEqual(['hub', 'Room', 'place', 'moved']);
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(packages, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

function textOf(file: string): string {
  return readFileSync(join(packages, file), 'utf8');
}

interface Identifier {
  readonly name: string;
  readonly line: number;
}

function identifiersIn(text: string): readonly Identifier[] {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest);
  const identifiers: Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      identifiers.push({ name: node.text.replace('#', ''), line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return identifiers;
}
