import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Section } from './contestant.js';
import { goalTable, sectionTable } from './table.js';

const PAGE = new URL('../../../docs/benchmarks.md', import.meta.url);
const BEGIN = '<!-- Written by `npm run bench`; what is changed by hand below is lost. -->';

/** All results, as markdown. */
export function reportOf(sections: readonly Section[]): string {
  return [
    surroundings(),
    '## Goals',
    goalTable(sections),
    '## In detail',
    ...sections.map(sectionTable),
  ].join('\n\n');
}

/** Writes the report into the page, below the part that was written by hand. */
export function publish(report: string): void {
  const page = readFileSync(PAGE, 'utf8');
  if (!page.includes(BEGIN)) throw new Error(`${PAGE.pathname} has no line ${BEGIN}`);
  writeFileSync(PAGE, `${page.split(BEGIN)[0]}${BEGIN}\n\n${report}\n`);
}

/** The date, versions and machine of the measurement. */
function surroundings(): string {
  const [{ model }] = cpus();
  const { node, v8 } = process.versions;
  const peers = Object.entries(peerVersions()).map(([name, version]) => `${name} ${version}`);
  return (
    `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${node} (V8 ${v8}), ${peers.join(', ')}, ` +
    `on ${cpus().length} × ${model.trim()}, ${process.platform} ${process.arch}.`
  );
}

/** The versions of package.json, which are exact and so the installed ones. */
function peerVersions(): Readonly<Record<string, string>> {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return Object.fromEntries(Object.entries(devDependencies).filter(([name]) => !name.startsWith('@')));
}
