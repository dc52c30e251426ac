import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { type Block, blocksOf, type Page, root } from './markdown.js';

/** A snippet and those that continue it: one module, whose lines stand where they stand in the page. */
export interface Program {
  /** Of the page and the first line, as editors understand it. */
  readonly name: string;
  readonly text: string;
  /** What the page says that each block prints; undefined where it says nothing. */
  readonly outputs: readonly (string | undefined)[];
}

export interface Printed {
  readonly outputs: readonly string[];
  readonly stderr: string;
  readonly status: number;
}

/** Stands between what one block prints and what the next does. */
const BETWEEN = '\x1e';

export function programsOf(page: Page): readonly Program[] {
  const programs: { line: number; text: string; outputs: (string | undefined)[] }[] = [];
  for (const block of blocksOf(page)) {
    const last = programs.at(-1);
    if (block.info === 'text output') {
      if (last === undefined) throw new Error(`${page.path}:${block.line}: the output of which snippet?`);
      last.outputs[last.outputs.length - 1] = block.lines.join('\n');
    } else if (block.info === 'ts') {
      if (block.note !== 'continues')
        programs.push({ line: block.line, text: placed(block, ''), outputs: [undefined] });
      else if (last !== undefined) {
        last.text = placed(block, last.text);
        last.outputs.push(undefined);
      }
    }
  }
  return programs.map(({ line, text, outputs }) => ({ name: `${page.path}:${line + 1}`, text, outputs }));
}

/** The block below the text so far, pushed down to where it stands in the page. */
function placed({ line, lines }: Block, before: string): string {
  const separator = before === '' ? '' : `\nprocess.stdout.write('\\x1e');`;
  const above = before + separator;
  const missing = line - above.split('\n').length + 1;
  return above + '\n'.repeat(missing) + lines.join('\n');
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.esnext.decorators.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What the compiler has against the programs, against the types of the build; by program. */
export function typeFaults(programs: readonly Program[]): ReadonlyMap<Program, readonly string[]> {
  // In the root, where `@switchgear/core` is what a user of the workspace gets. These files exist only here.
  const byPath = new Map(programs.map((program, index) => [join(root, `snippet-${index}.ts`), program]));
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.fileExists = (path) => byPath.has(path) || disk.fileExists(path);
  host.readFile = (path) => byPath.get(path)?.text ?? disk.readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const program = byPath.get(path);
    if (program === undefined) return disk.getSourceFile(path, version, ...rest);
    return ts.createSourceFile(path, program.text, version);
  };
  host.getCurrentDirectory = () => root;
  const checked = ts.createProgram([...byPath.keys()], options, host);
  const faults = new Map(programs.map((program) => [program, [] as string[]]));
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(checked)) {
    const program = byPath.get(file?.fileName ?? '');
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    if (program === undefined || file === undefined) throw new Error(`${file?.fileName}: ${message}`);
    const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
    faults.get(program)?.push(`${program.name.replace(/:\d+$/, '')}:${line + 1}: ${message}`);
  }
  return faults;
}

/** Runs each program in a process of its own, as a file beside which `@switchgear/core` is installed. */
export async function run(programs: readonly Program[]): Promise<ReadonlyMap<Program, Printed>> {
  const folder = mkdtempSync(join(tmpdir(), 'switchgear-snippets-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const printed = new Map<Program, Printed>();
    const waiting = [...programs.entries()];
    const runSome = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, program] = next;
        const file = join(folder, `snippet-${index}.mjs`);
        const { outputText } = ts.transpileModule(program.text, {
          compilerOptions: { ...options, module: ts.ModuleKind.ESNext },
        });
        writeFileSync(file, outputText);
        printed.set(program, await runFile(file));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() + 1 }, runSome));
    return printed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runFile(file: string): Promise<Printed> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file], { timeout: 20_000 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : (child.exitCode ?? 1);
      resolve({ outputs: stdout.split(BETWEEN).map((text) => text.trim()), stderr, status });
    });
  });
}
