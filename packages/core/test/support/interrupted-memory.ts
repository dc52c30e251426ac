import type { Memory } from '../../src/panel/memory.js';

type Operation = keyof Memory;

const WRITES: readonly PropertyKey[] = ['store', 'storeWide', 'add', 'compareAndSet', 'compareAndSetWide'];

/** The memory, with a look at each operation before it happens. */
function watched(memory: Memory, before: (operation: PropertyKey) => void): Memory {
  return new Proxy(memory, {
    get: (target, operation) => {
      const method = Reflect.get(target, operation) as (...args: unknown[]) => unknown;
      return (...args: unknown[]): unknown => {
        before(operation);
        return Reflect.apply(method, target, args);
      };
    },
  });
}

/** Memory in which another thread comes between, just before this one does such an operation for the nth time. */
export function interrupted(memory: Memory, operation: Operation, meanwhile: () => void, nth = 1): Memory {
  let times = 0;
  return watched(memory, (name) => {
    if (name === operation && ++times === nth) meanwhile();
  });
}

/** How often the deed writes to memory, or tries to. */
export function writesDuring(memory: Memory, deed: (memory: Memory) => void): number {
  let writes = 0;
  deed(
    watched(memory, (name) => {
      if (WRITES.includes(name)) writes++;
    }),
  );
  return writes;
}
