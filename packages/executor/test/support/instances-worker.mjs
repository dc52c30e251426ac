import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Parallel } from '@switchgear/executor';

const log = (path, line) => {
  if (path !== undefined) appendFileSync(path, `${line}\n`);
};

/** What a constructor needs, and cannot be sent. */
class Database {
  constructor(path) {
    this.path = path;
  }

  close() {
    log(this.path, 'database closed');
  }
}

/** Made by `create`, which injects the database. */
export class Repository {
  static made = 0;

  constructor(database) {
    this.database = database;
  }

  count() {
    return Repository.made;
  }

  use({ path, n }) {
    this.database.path = path;
    log(path, `used ${n}`);
    return n;
  }

  async [Symbol.asyncDispose]() {
    await sleep(5);
    log(this.database.path, 'disposed of');
    this.database.close();
  }

  [Symbol.dispose]() {
    log(this.database.path, 'disposed of by the wrong method');
  }
}
Parallel({
  create: async () => {
    await sleep(5);
    Repository.made++;
    return new Repository(new Database());
  },
})(Repository);

/** Has `Symbol.dispose` only. */
export class Plain {
  use({ path, n }) {
    this.path = path;
    return n;
  }

  [Symbol.dispose]() {
    log(this.path, 'disposed of plainly');
  }
}
Parallel()(Plain);

/** Takes longer to end than a worker is given without an instance to dispose of. */
export class Slow {
  use({ path, n }) {
    this.path = path;
    return n;
  }

  async [Symbol.asyncDispose]() {
    await sleep(1_300);
    log(this.path, 'disposed of at last');
  }
}
Parallel()(Slow);

/** Cannot be disposed of. */
export class Reluctant {
  use({ n }) {
    return n;
  }

  [Symbol.dispose]() {
    throw new RangeError('not yet');
  }
}
Parallel()(Reluctant);

let tries = 0;
export class Late {
  use({ n }) {
    return n;
  }
}
Parallel({
  create: async () => {
    if (++tries === 1) throw new RangeError('no database yet');
    return new Late();
  },
})(Late);
