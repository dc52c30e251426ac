/** What decorated methods call: it answers, or fails while it is down, each time with an error of its own. */
export class Api {
  isDown = false;
  /** How often it was called, down or not. */
  calls = 0;

  async get(what = 'answer'): Promise<string> {
    return this.getNow(what);
  }

  getNow(what = 'answer'): string {
    this.calls++;
    if (this.isDown) throw new Error('down');
    return what;
  }
}
