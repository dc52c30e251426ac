import process from 'node:process';
import { URL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { Parallel } from '@switchgear/executor';
import { markFor } from './marking-worker.mjs';

class Hidden {
  who() {
    return 'hidden';
  }
}
Parallel()(Hidden);

const twins = ['first', 'second'].map((which) => {
  class Twin {
    who() {
      return which;
    }
  }
  Parallel()(Twin);
  return Twin;
});

/** Marked by its method alone. */
export class ByMethod {
  who() {
    return 'by its method';
  }

  unmarked() {}
}
Parallel()(ByMethod.prototype, 'who', Object.getOwnPropertyDescriptor(ByMethod.prototype, 'who'));

class HiddenByMethod {
  who() {}
}
Parallel()(HiddenByMethod.prototype, 'who', Object.getOwnPropertyDescriptor(HiddenByMethod.prototype, 'who'));

class Base {
  who() {
    return this.name;
  }
}
Parallel()(Base);

class MarkedSub extends Base {
  name = 'a marked subclass';
}
Parallel()(MarkedSub);

class UnmarkedSub extends Base {}

class Unmarked {
  who() {}
}

class Marked {
  who() {}
}
markFor()(Marked);

class MarkedWell {
  who() {
    return 'marked by another module';
  }
}
markFor(import.meta.url)(MarkedWell);

class Thrower {
  constructor() {
    throw new RangeError('not today');
  }

  who() {}
}
Parallel()(Thrower);

class Exiter {
  constructor() {
    if (!isMainThread) process.exit(7);
  }

  who() {}
}
Parallel()(Exiter);

class Gone {
  who() {}
}
Parallel({ module: new URL('not-there.mjs', import.meta.url).href })(Gone);

// As a compiler calls decorators of classes: another one below has put a class of its own in its place.
class Written {
  who() {
    return 'written';
  }
}
class Replacing extends Written {
  who() {
    return `${super.who()}, and replaced`;
  }
}
const initializers = [];
Parallel()(Written, { kind: 'class', name: 'Written', addInitializer: (each) => initializers.push(each) });
for (const each of initializers) each.call(Replacing);

export const classes = {
  Hidden,
  FirstTwin: twins[0],
  SecondTwin: twins[1],
  ByMethod,
  HiddenByMethod,
  MarkedSub,
  UnmarkedSub,
  Unmarked,
  Marked,
  MarkedWell,
  Thrower,
  Exiter,
  Gone,
  Replacing,
};
