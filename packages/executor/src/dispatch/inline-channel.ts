import { clone, nextTurn, soon } from '../event-loop.js';
import type { Target } from '../protocol/address.js';
import type { FromWorker, ToWorker } from '../protocol/messages.js';
import type { FoundOwner } from '../target/loaded-target.js';
import { Host } from '../worker/host.js';
import type { Channel, OpenChannel } from './channel.js';

/**
 * Channels to a host in this thread, for tests. Messages are cloned as between threads, so that code that works here works in workers.
 *
 * @param ownerOf gives the class or function of a target; it is loaded already
 */
export function inlineChannels(ownerOf: (target: Target) => FoundOwner): OpenChannel {
  return (memory, _module, listener): Channel => {
    let isOpen = true;
    const host = new Host(
      {
        post(message, transfer = []) {
          const copy = clone(message, { transfer: [...transfer] });
          deferred(() => listener.onMessage(copy));
        },
        turn: nextTurn,
        close: (failure) => {
          if (failure !== undefined) listener.onError(failure.thrown);
          end(0);
        },
      },
      memory,
      // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to be a rejection
      async (target) => ownerOf(target),
    );
    const end = (code: number): void => {
      if (!isOpen) return;
      deferred(() => listener.onExit(code));
      isOpen = false;
    };
    const deferred = (deliver: () => void): void => {
      if (isOpen) soon(deliver);
    };
    deferred(() => listener.onMessage({ kind: 'ready' } satisfies FromWorker));
    return {
      threadId: undefined,
      imports: [],
      post(message: ToWorker, transfer) {
        // Clones share shared memory, too.
        const copy = clone(message, { transfer: [...transfer] });
        deferred(() => host.receive(copy));
      },
      keepAlive: () => undefined,
      terminate: () => end(1),
    };
  };
}
