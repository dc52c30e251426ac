import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

// The outage of the index service takes four and a half seconds.
jest.setTimeout(60_000);

const main = join(import.meta.dirname, '../../../examples/indexer/dist/main.js');
const FILES = 40;
const folder = mkdtempSync(join(tmpdir(), 'indexer-'));
const running = new Set<ChildProcess>();

beforeAll(() => {
  for (let i = 0; i < FILES; i++) {
    writeFileSync(join(folder, `${i}.txt`), `a few words of file ${i}\n`.repeat(1 + i * 50));
  }
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The example, running. */
class Indexer {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  readonly #complaints: Promise<string>;
  #look: () => void = () => {};

  constructor() {
    // Under Jest everything would be planned for one thread.
    const env = { ...process.env, JEST_WORKER_ID: undefined };
    const child = spawn(process.execPath, [main, folder], { stdio: ['ignore', 'pipe', 'pipe'], env });
    running.add(child);
    this.#child = child;
    this.#complaints = text(child.stderr);
    createInterface(child.stdout).on('line', (line) => {
      this.lines.push(line);
      this.#look();
    });
    // Not at 'exit': the index service writes to the same pipes, which close when the last of both has ended.
    this.#ended = once(child, 'close').then(([code]) => {
      running.delete(child);
      this.#look();
      return code as number;
    });
  }

  /** The first line that fits, as soon as it is there. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (!running.has(this.#child)) throw new Error(`no ${String(pattern)} in:\n${this.lines.join('\n')}`);
      await new Promise<void>((resolve) => (this.#look = resolve));
    }
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(): Promise<{ readonly code: number; readonly complaints: string }> {
    return { code: await this.#ended, complaints: await this.#complaints };
  }

  async isServiceAlive(): Promise<boolean> {
    const pid = Number(/process (\d+)/.exec(await this.line(/index service is process/))?.[1]);
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
}

describe('the indexer, when its index service goes through an outage', () => {
  let indexer: Indexer;
  let ended: Awaited<ReturnType<Indexer['end']>>;

  beforeAll(async () => {
    indexer = new Indexer();
    ended = await indexer.end();
  });

  it('ends well, and leaves no process behind', async () => {
    expect(ended).toEqual({ code: 0, complaints: '' });
    expect(await indexer.isServiceAlive()).toBe(false);
  });

  it('loses nothing, and has the records of a serial pass', () => {
    expect(indexer.lines.at(-1)).toMatch(/^Nothing is lost/);
    expect(figures('records in the index')[0]).toBe(FILES);
    expect(figures('equal to a serial pass')[0]).toBe(FILES);
  });

  it('loses files without circuit and retry', () => {
    const [, bare] = figures('files lost');
    expect(bare).toBeGreaterThan(0);
    expect(figures('records in the index')[1]).toBe(FILES - bare);
  });

  it('says where the files are processed, and why', async () => {
    expect(await indexer.line(/^Plan: /)).toMatch(/worker threads: |loop in this thread: /);
  });

  it('tells of each phase of the outage in turn', () => {
    const phases = indexer.lines.flatMap((line) => /the service (.*)/.exec(line)?.[1] ?? []);
    expect(phases.slice(0, 4)).toEqual([
      'refuses connections',
      'takes connections, and never answers',
      'answers 503, with Retry-After: 1',
      'has recovered',
    ]);
  });

  // A thread that the machine holds up for 10 ms between a transition and its announcement stays unnamed.
  it('tells of each transition and who made it, from the first opening to the last closing', () => {
    const transitions = indexer.lines.flatMap((line) => {
      const found = /circuit (\S+) → (\S+), by (?:thread (?:\d+|\?)|the main thread)/.exec(line);
      return found === null ? [] : [{ from: found[1], to: found[2] }];
    });
    expect(transitions.length).toBeGreaterThanOrEqual(5);
    expect(transitions.map(({ from }) => from)).toEqual([
      'closed',
      ...transitions.slice(0, -1).map(({ to }) => to),
    ]);
    expect(transitions.at(-1)).toEqual({ from: 'half-open', to: 'closed' });
  });

  it('draws the circuit as it was closed, open and half-open', async () => {
    const marks = (await indexer.line(/^circuit {2}/)).slice('circuit  '.length);
    expect(marks).toMatch(/^─+█/);
    expect(marks).toContain('░');
    expect(await indexer.line(/^service: /)).toContain('circuit: ─ closed, █ open, ░ half-open');
  });

  it('sends again what failed, and nothing while the circuit refuses', () => {
    const [failed] = figures('requests that failed');
    expect(figures('that were sent again')[0]).toBe(failed);
    expect(figures('calls the circuit refused')[0]).toBeGreaterThan(0);
  });

  it('prints what the README shows, but for the figures', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const shown = /```text\n(Plan: .*?)```/s.exec(readme)?.[1].trim().split('\n') ?? [];
    const printed = new Set(indexer.lines.map(shapeOf));
    const missing = shown.filter((line) => line.trim() !== '…' && !printed.has(shapeOf(line)));
    expect([shown.length > 15, missing]).toEqual([true, []]);
  });

  /** A line without its figures, and without what depends on them. */
  function shapeOf(line: string): string {
    return line
      .replace(/^(Plan|files|service|circuit)\b(?!:).*|^(Plan:).*/, '$1$2')
      .replace(/by (?:thread (?:\d+|\?)|the main thread)/, 'by a thread')
      .replace(/[\d,.]+/g, '0')
      .replaceAll(/ +/g, ' ');
  }

  /** With circuit and retry, and without. */
  function figures(name: string): readonly [number, number] {
    const line = indexer.lines.find((each) => each.trim().startsWith(name)) ?? '';
    const [guarded, bare] = line.replace(name, '').trim().split(/\s+/);
    return [Number(guarded), Number(bare)];
  }
});

describe('an indexer in the middle of an outage', () => {
  it('stops at Ctrl-C, says how far it came, and ends the service', async () => {
    const indexer = new Indexer();
    await indexer.line(/closed → open/);
    indexer.send('SIGINT');
    expect(await indexer.end()).toEqual({ code: 130, complaints: '' });
    expect(indexer.lines.at(-1)).toMatch(/^Stopped: the records of \d+ of 40 files are in the index\.$/);
    expect(await indexer.isServiceAlive()).toBe(false);
  });

  it('takes the service with it when it is killed', async () => {
    const indexer = new Indexer();
    await indexer.line(/closed → open/);
    indexer.send('SIGKILL');
    // The pipes are the service's as well: that they close says that it has ended.
    expect(await indexer.end()).toEqual({ code: null, complaints: '' });
  });
});
