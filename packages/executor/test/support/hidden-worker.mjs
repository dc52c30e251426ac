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

const mark = Parallel();

/** Marked by one line of code, with another. */
class FirstOfOneMark {
  who() {
    return 'first of one mark';
  }
}
mark(FirstOfOneMark);

class SecondOfOneMark {
  who() {
    return 'second of one mark';
  }
}
mark(SecondOfOneMark);

const [FactoryEu] = ['eu', 'us'].map((region) => {
  class Client {
    who() {
      return region;
    }
  }
  Parallel()(Client);
  return Client;
});

const [NamedEu, NamedUs] = ['eu', 'us'].map((name) => {
  class Client {
    who() {
      return name;
    }
  }
  Parallel({ name })(Client);
  return Client;
});

const [SameName] = ['eu', 'us'].map((region) => {
  class Client {
    who() {
      return `the same name, ${region}`;
    }
  }
  Parallel({ name: 'same' })(Client);
  return Client;
});

/** A mixin that marks what it makes. */
function timed(Base) {
  class Timed extends Base {
    who() {
      return `timed, ${super.who()}`;
    }
  }
  Parallel()(Timed);
  return Timed;
}
const TimedTwice = [timed(FirstOfOneMark), timed(SecondOfOneMark)][0];

function lonely(Base) {
  class Lonely extends Base {
    who() {
      return `mixed in, ${super.who()}`;
    }
  }
  Parallel()(Lonely);
  return Lonely;
}
const MixedIn = lonely(FirstOfOneMark);

class OnlyHere {
  who() {}
}
if (isMainThread) Parallel()(OnlyHere);

/** The same name and place, another text. */
const AnotherText = isMainThread
  ? class Shift {
      who() {
        return 'of the main thread';
      }
    }
  : class Shift {
      who() {
        return 'of a worker';
      }
    };
Parallel()(AnotherText);

export function makeLater() {
  class Late {
    who() {}
  }
  Parallel()(Late);
  return Late;
}

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

/** Two of one name that one line of another module marks: their texts tell them apart. */
const [OneText, OtherText] = [
  class Marked {
    who() {
      return 'one text';
    }
  },
  class Marked {
    who() {
      return 'the other text';
    }
  },
];
markFor(import.meta.url)(OneText);
markFor(import.meta.url)(OtherText);

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
  FirstOfOneMark,
  SecondOfOneMark,
  FactoryEu,
  NamedEu,
  NamedUs,
  SameName,
  TimedTwice,
  MixedIn,
  OnlyHere,
  AnotherText,
  OneText,
  OtherText,
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
