import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Page, pages, proseOf, root } from '../support/markdown.js';

const everyPage = new Map(pages().map((page) => [page.path, page]));

describe('the links of', () => {
  it.each([...everyPage.values()])('$path lead somewhere', (page) => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });
});

/** The targets of links, but for those to other sites. */
function linksOf(page: Page): readonly string[] {
  const text = proseOf(page)
    .join('\n')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm)]
    .map(([, inline, reference]: readonly (string | undefined)[]) => inline ?? reference ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(from: Page, link: string): boolean {
  const [path, heading] = link.split('#') as [string, string | undefined];
  const target = path === '' ? from.path : relative(root, join(root, dirname(from.path), path));
  if (!existsSync(join(root, target))) return false;
  if (heading === undefined) return true;
  const page = everyPage.get(target);
  return page !== undefined && headingsOf(page).includes(heading);
}

/** The headings as GitHub makes anchors of them. */
function headingsOf(page: Page): readonly string[] {
  return proseOf(page).flatMap((line) => {
    const title = /^#+ (.*)$/.exec(line)?.[1];
    if (title === undefined) return [];
    return [
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    ];
  });
}
