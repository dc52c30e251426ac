import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../support/markdown.js';

/** What npm shows of a package, and what TypeScript reads under the resolution of `"module": "commonjs"`. */
interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly homepage?: string;
  readonly bugs?: string;
  readonly repository?: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly main?: string;
  readonly types?: string;
  readonly typesVersions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly exports: Readonly<
    Record<string, { readonly require?: { readonly types: string; readonly default: string } }>
  >;
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** The one place that names the repository is the `repository` of the root; all others are compared with it. */
const { url } = manifestOf('.').repository ?? { url: '' };
const home = url.replace(/^git\+/, '').replace(/\.git$/, '');

const published = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((folder) => existsSync(join(root, folder, 'package.json')) && manifestOf(folder).private !== true);

it('the repository has an address of its own, which npm can show', () => {
  expect(home).toMatch(/^https:\/\/github\.com\/[\w-]+\/[\w-]+$/);
});

it('core depends on nothing, as its page and the README say', () => {
  expect(manifestOf('packages/core').dependencies).toBeUndefined();
});

it('the decorators depend on core and reflect-metadata, as the README says', () => {
  expect(Object.keys(manifestOf('packages/decorators').dependencies ?? {})).toEqual([
    '@switchgear/core',
    'reflect-metadata',
  ]);
});

describe.each(published)('%s', (folder) => {
  const manifest = manifestOf(folder);
  const entries = Object.entries(manifest.exports).flatMap(([path, { require: built }]) =>
    built === undefined ? [] : [{ path: path.replace(/^\.\/?/, ''), ...built }],
  );

  it('says which folder of which repository it is', () => {
    expect(manifest.repository).toEqual({ type: 'git', url, directory: folder });
  });

  it('has a home page and a place for bugs', () => {
    expect([manifest.homepage, manifest.bugs]).toEqual([
      `${home}/tree/main/${folder}#readme`,
      `${home}/issues`,
    ]);
  });

  it('has a main entry for tools that do not read exports', () => {
    const entry = entries.find(({ path }) => path === '');
    expect([manifest.main, manifest.types]).toEqual([entry?.default, entry?.types]);
  });

  it('has types of every other entry for compilers that do not read exports', () => {
    const others = entries.filter(({ path }) => path !== '').map(({ path, types }) => [path, [types]]);
    expect(manifest.typesVersions?.['*'] ?? {}).toEqual(Object.fromEntries(others));
  });

  describe('its page on npm', () => {
    const links = [
      ...readFileSync(join(root, folder, 'README.md'), 'utf8').matchAll(
        /\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm,
      ),
    ].map(([, inline, reference]: readonly (string | undefined)[]) => inline ?? reference ?? '');

    it('leads to the other pages', () => {
      expect(links).not.toEqual([]);
    });

    it.each(links)('has a link that npm can follow, to a file that is there: %s', (link) => {
      const [address] = link.split('#');
      const path = address.startsWith(`${home}/blob/main/`)
        ? address.slice(`${home}/blob/main/`.length)
        : undefined;
      expect(path !== undefined && existsSync(join(root, path))).toBe(true);
    });
  });
});
