/** The arguments in NODE_OPTIONS, as Node reads them: spaces separate them, double quotes group, and a backslash escapes within quotes. */
export function splitNodeOptions(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\' && isQuoted) word = (word ?? '') + (text[++i] ?? '');
    else if (char === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** The same arguments as a text that Node reads back. */
export function joinNodeOptions(words: readonly string[]): string {
  return words.map((word) => (/[ "\\]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word)).join(' ');
}

/** An option with its value: `--import=x` is one word, `--import x` are two. */
interface NodeOption {
  readonly name: string;
  readonly value: string | undefined;
  readonly words: readonly string[];
}

const PRELOADS: readonly string[] = ['--import', '--require', '-r'];

/** The modules that `--import` names, in order. */
export function importsIn(words: readonly string[]): readonly string[] {
  return optionsIn(words).flatMap(({ name, value }) => (name === '--import' ? (value ?? []) : []));
}

export function withoutPreloads(words: readonly string[]): readonly string[] {
  return without(words, (name) => PRELOADS.includes(name));
}

export function without(words: readonly string[], isRefused: (name: string) => boolean): readonly string[] {
  return optionsIn(words).flatMap((option) => (isRefused(option.name) ? [] : option.words));
}

function optionsIn(words: readonly string[]): readonly NodeOption[] {
  const options: NodeOption[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const match = /^(--?[^=]+)(?:=(.*))?$/s.exec(word);
    const name = match?.[1] ?? word;
    const value: string | undefined = match?.[2];
    // The only options whose value we look for. Other words that follow an option stay as they are.
    const hasNext = value === undefined && PRELOADS.includes(name) && i + 1 < words.length;
    if (hasNext) options.push({ name, value: words[++i], words: [word, words[i]] });
    else options.push({ name, value, words: [word] });
  }
  return options;
}
