import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

/** What a package promises to the outside, by name. A change here is a change for users: it belongs in the changelog. */
const packages = join(import.meta.dirname, '../../..');

interface Built {
  types: string;
  default: string;
}

interface Manifest {
  name: string;
  private?: boolean;
  exports: Record<string, { import?: Built }>;
}

interface Entry {
  readonly path: string;
  readonly file: string;
}

const published = readdirSync(packages)
  .map((folder) => join(packages, folder))
  .filter((root) => existsSync(join(root, 'package.json')))
  .map((root) => ({
    root,
    manifest: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest,
  }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ root, manifest }) => ({ root, manifest, entries: entriesOf(root, manifest) }));

function entriesOf(root: string, { exports }: Manifest): Entry[] {
  return Object.entries(exports).flatMap(([path, { import: built }]) =>
    built ? [{ path, file: join(root, built.types) }] : [],
  );
}

/** One for all packages: most of its time goes into the libraries they share. */
const program = ts.createProgram(
  published.flatMap(({ entries }) => entries.map(({ file }) => file)),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [], skipLibCheck: true },
);

for (const { root, manifest, entries } of published) {
  it(`${manifest.name} exports the names it has promised`, () => {
    const names = entries.map(({ path, file }) =>
      [manifest.name + path.slice(1), ...exportsOf(file).map((line) => `  ${line}`)].join('\n'),
    );
    expect(names.join('\n\n')).toMatchSnapshot();
  });

  // People see these names, in stack traces and in what they print; bundlers rename what they please.
  it(`${manifest.name} calls things as it exports them`, async () => {
    for (const { import: built } of Object.values(manifest.exports)) {
      if (built === undefined) continue;
      const module = (await import(join(root, built.default))) as Readonly<Record<string, unknown>>;
      const named = Object.entries(module).filter(
        (entry): entry is [string, () => unknown] => typeof entry[1] === 'function',
      );
      expect(named.map(([, { name }]) => name)).toEqual(named.map(([name]) => name));
    }
  });
}

function exportsOf(file: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not there, or exports nothing: build first.`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return `${kindOf(target.flags)} ${symbol.name}`;
    })
    .sort();
}

function kindOf(flags: ts.SymbolFlags): string {
  const value = flags & ts.SymbolFlags.Value;
  const type = flags & ts.SymbolFlags.Type;
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return type ? 'function and type' : 'function';
  if (value) return type ? 'value and type' : 'value';
  return flags & ts.SymbolFlags.Interface ? 'interface' : 'type';
}
