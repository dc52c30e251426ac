// Compiles what is wrong in both modes of decorators, and compares what the compiler says with the comments above each line. Prints
// what differs; nothing where all is as it should be.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

// It is called from another folder than the one that it compiles.
const compiler = resolve(process.argv[2]);
const folder = import.meta.dirname;
const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));

for (const mode of [[], ['--experimentalDecorators', '--emitDecoratorMetadata']]) {
  const args = [compiler, '-p', '.', '--pretty', 'false', ...mode];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const said = messagesIn(stdout);
  for (const { place, sentence, isFirstLine } of sources.flatMap(expectedIn)) {
    const messages = said.get(place) ?? [];
    said.delete(place);
    const isSaid =
      messages.length === 1 && (isFirstLine || messages[0].length === 1) && messages[0][0].includes(sentence);
    if (!isSaid) console.log(`${place} ${mode[0] ?? ''}: expected "${sentence}"`, messages);
  }
  for (const [place, messages] of said) console.log(`${place} ${mode[0] ?? ''}: expected nothing`, messages);
}

/** The line after each comment, and what the comment says. After `first line:`, the compiler may add lines of types. */
function expectedIn(name) {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const [, first, sentence] = /^\s*\/\/ (?!What is written here)(first line: )?(.*)$/.exec(line) ?? [];
    if (sentence === undefined) return [];
    return [{ place: `${name}:${index + 2}`, sentence, isFirstLine: first !== undefined }];
  });
}

/** The messages of the compiler by line of code, each as its lines. */
function messagesIn(output) {
  const messages = new Map();
  let last;
  for (const line of output.split('\n').filter(Boolean)) {
    const [, name, row, text] = /^(\S+?)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line) ?? [];
    if (name === undefined) last?.push(line.trim());
    else {
      last = [text];
      const place = `${name}:${row}`;
      messages.set(place, [...(messages.get(place) ?? []), last]);
    }
  }
  return messages;
}
