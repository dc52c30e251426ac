import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { blocksOf, pages, root } from '../support/markdown.js';
import { type Printed, type Program, programsOf, run, typeFaults } from '../support/programs.js';

/*
 * Every ```ts block of the READMEs and of docs is a program: it is type-checked, strictly, against the types of the build,
 * and run by Node against the build, in a process of its own. For who writes one:
 *
 * - `<!-- snippet: continues -->` above a block joins it to the block before: they are one module. Nothing else is
 *   hidden; a snippet imports what it uses.
 * - A block that opens with "```text output" is what the block above it prints. It has to be what it really prints, but for
 *   one sign: `…` stands for any text within its line (a time, a path).
 * - `<!-- snippet: file <path> -->` says that the block is that file, to the letter.
 * - A snippet must end by itself with status 0 and say nothing on stderr.
 */
const documented = pages().filter(({ path }) => /^(docs\/|(packages\/\w+\/)?README\.md$)/.test(path));
const programs = new Map(documented.map((page) => [page, programsOf(page)]));
const all = [...programs.values()].flat();

let faults: ReadonlyMap<Program, readonly string[]>;
let printed: ReadonlyMap<Program, Printed>;

beforeAll(async () => {
  const running = run(all);
  faults = typeFaults(all);
  printed = await running;
}, 240_000);

describe('the snippets of', () => {
  for (const [page, its] of programs) {
    if (its.length === 0) continue;

    it(`${page.path} compile`, () => {
      expect(its.flatMap((program) => faults.get(program) ?? [])).toEqual([]);
    });

    it.each(its)('$name run and print what the page says', (program) => {
      const { outputs, stderr, status } = printed.get(program) ?? {
        outputs: [],
        stderr: 'never ran',
        status: 1,
      };
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      for (const [index, expected] of program.outputs.entries()) {
        if (expected !== undefined) expect(withGaps(outputs[index], expected)).toBe(expected);
      }
    });

    for (const { path, text } of filesIn(page)) {
      it(`${page.path} have ${path} to the letter`, () => {
        expect(`${text}\n`).toBe(readFileSync(join(root, path), 'utf8'));
      });
    }
  }
});

it('there are snippets', () => {
  expect(all.length).toBeGreaterThan(20);
});

/** What was printed; `…` where the expected line has one and the rest of the line is as expected. */
function withGaps(actual: string, expected: string): string {
  const wanted = expected.split('\n');
  return actual
    .split('\n')
    .map((line, index) => (fits(line, wanted[index] ?? '') ? wanted[index] : line))
    .join('\n');
}

function fits(line: string, wanted: string): boolean {
  const parts = wanted.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line);
}

function filesIn(page: (typeof documented)[number]): { readonly path: string; readonly text: string }[] {
  return blocksOf(page).flatMap(({ note, lines }) =>
    note?.startsWith('file ') === true ? [{ path: note.slice(5), text: lines.join('\n') }] : [],
  );
}
