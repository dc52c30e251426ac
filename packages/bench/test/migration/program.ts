import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../../../..');

/**
 * Runs a function of a module in a process of its own, on the build, where worker threads can load the module too.
 *
 * @param module its path from here, as 'p-retry/before'
 * @param args data, which JSON can say
 * @returns what the function's promise resolved with, or the text of its error
 */
export async function runFunction(
  module: string,
  name: string,
  ...args: readonly unknown[]
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'switchgear-migration-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const { outputText } = ts.transpileModule(
      readFileSync(join(import.meta.dirname, `${module}.ts`), 'utf8'),
      {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      },
    );
    writeFileSync(join(folder, 'module.mjs'), outputText);
    const main = `import { ${name} } from './module.mjs';
      console.log(JSON.stringify(await ${name}(...${JSON.stringify(args)}).catch(String)));`;
    writeFileSync(join(folder, 'main.mjs'), main);
    return JSON.parse(await outputOf(join(folder, 'main.mjs'))) as unknown;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outputOf(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [file], { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null && stderr === '') resolve(stdout);
      else reject(new Error(`${file}: ${stderr}`, { cause: error }));
    });
  });
}
