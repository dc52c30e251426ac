const CLEAR_LINE = '\r\x1b[K';

/** The shortest time between two changes of the last line, in ms. */
const INTERVAL = 50;

/** Lines on the terminal, and below them one that changes. Where there is no terminal, lines only. */
export class Display {
  readonly #isLive = process.stdout.isTTY;
  #status = '';
  #changedAt = 0;

  say(line = ''): void {
    this.#write(`${line}\n`);
  }

  /** Sets the text of the last line; an empty text removes the line. */
  status(text: string): void {
    const now = performance.now();
    if (text !== '' && now - this.#changedAt < INTERVAL) return;
    this.#changedAt = now;
    this.#status = text;
    if (this.#isLive) this.#write('');
  }

  #write(text: string): void {
    if (!this.#isLive) {
      process.stdout.write(text);
      return;
    }
    // A status that does not fit would become two lines, of which only one can be cleared.
    const status = this.#status.slice(0, process.stdout.columns - 1);
    process.stdout.write(`${CLEAR_LINE}${text}${status}`);
  }
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
