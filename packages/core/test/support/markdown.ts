import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The repository. */
export const root = join(import.meta.dirname, '../../../..');

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git']);

/** A page of markdown, by its path from the root. */
export interface Page {
  readonly path: string;
  readonly lines: readonly string[];
}

/** A fenced block, with what stands around it. */
export interface Block {
  /** What follows the opening fence: `ts`, `text output`. */
  readonly info: string;
  readonly lines: readonly string[];
  /** Where its first line stands in the page, counted from 0. */
  readonly line: number;
  /** What a comment right above it says: `<!-- snippet: continues -->` says 'continues'. */
  readonly note: string | undefined;
}

/** Every page of the repository. */
export function pages(): readonly Page[] {
  return [...pathsIn(root)]
    .sort()
    .map((path) => ({ path: relative(root, path), lines: readFileSync(path, 'utf8').split('\n') }));
}

function* pathsIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) yield* pathsIn(path);
    else if (entry.name.endsWith('.md')) yield path;
  }
}

export function blocksOf({ lines }: Page): readonly Block[] {
  const blocks: Block[] = [];
  let opening: { readonly fence: string; readonly info: string; readonly line: number } | undefined;
  for (const [index, line] of lines.entries()) {
    if (opening === undefined) {
      const fence = /^`{3,}/.exec(line)?.[0];
      if (fence !== undefined) opening = { fence, info: line.slice(fence.length).trim(), line: index + 1 };
    } else if (line.trim() === opening.fence) {
      const { info: kind, line: start } = opening;
      blocks.push({
        info: kind,
        lines: lines.slice(start, index),
        line: start,
        note: noteAbove(lines, start - 1),
      });
      opening = undefined;
    }
  }
  return blocks;
}

/** The page's text without its fenced blocks; the lines keep their numbers. */
export function proseOf(page: Page): readonly string[] {
  const prose = [...page.lines];
  for (const { line, lines } of blocksOf(page)) {
    for (let i = line; i < line + lines.length; i++) prose[i] = '';
  }
  return prose;
}

function noteAbove(lines: readonly string[], fence: number): string | undefined {
  let above = fence - 1;
  while (above >= 0 && lines[above] === '') above--;
  return /^<!-- snippet: (.*) -->$/.exec(lines[above] ?? '')?.[1];
}
