import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Class, Target } from '../protocol/address.js';
import type { FromWorker, ToWorker } from '../protocol/messages.js';
import { Host } from '../worker/host.js';
import type { Channel, OpenChannel } from './channel.js';

/**
 * The same protocol in this thread: for tests, and where threads cannot be had. Messages are cloned as they would be, so that what works
 * here works there.
 *
 * @param findClass finds the class of a target; nothing has to be imported
 */
export function inlineChannels(findClass: (target: Target) => Class): OpenChannel {
  return (memory, _module, listener): Channel => {
    let isOpen = true;
    const host = new Host(
      {
        post(message, transfer = []) {
          const cloned = structuredClone(message, { transfer: [...transfer] });
          later(() => listener.heard(cloned));
        },
        turn: async () => {
          await nextTurn();
        },
        close: () => end(0),
      },
      memory,
      // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to be a rejection
      async (target) => findClass(target),
    );
    const end = (code: number): void => {
      if (!isOpen) return;
      later(() => listener.ended(code));
      isOpen = false;
    };
    const later = (tell: () => void): void => {
      if (isOpen) queueMicrotask(tell);
    };
    later(() => listener.heard({ kind: 'ready' } satisfies FromWorker));
    return {
      threadId: undefined,
      post(message: ToWorker, transfer) {
        // Shared memory is shared by clones as well.
        const cloned = structuredClone(message, { transfer: [...transfer] });
        later(() => host.receive(cloned));
      },
      keepAlive: () => undefined,
      terminate: () => end(1),
    };
  };
}
