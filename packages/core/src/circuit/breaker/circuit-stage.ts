import { givesObservables, isAsynchronous } from '../../call/function-kind.js';
import type { AnyFunction } from '../../call/guarded-function.js';
import { type Call, type Exit, OuterExit, type Stage, type Step } from '../../call/stage.js';
import { beginProbe, insideProbe } from '../local/probe-context.js';
import type { CallPath } from './call-path.js';
import { AdmittedExit, FreeExit, SubscriptionExit } from './circuit-exits.js';
import { circuitFrames } from './circuit-frames.js';
import { startTime } from './fast-path.js';
import { refusedObservable } from './refused-observable.js';

/**
 * A circuit as a stage of a compiled function. It admits and settles as a guarded function does.
 *
 * @param fn the function that the circuit guards
 * @param resolvePath finds the way through the circuit of a call, or throws
 * @param key the circuit's name; undefined where only the call tells it
 */
export function circuitStage(
  fn: AnyFunction,
  resolvePath: (self: unknown, args: readonly unknown[]) => CallPath,
  key: string | undefined,
): Stage {
  return {
    waits: false,
    races: false,
    names: { circuit: key },
    compile(inner): Step {
      let free: FreeExit | undefined;
      return (call, exit) => {
        let path: CallPath;
        try {
          path = resolvePath(call.self, call.args);
        } catch (error) {
          call.rejects ||= isAsynchronous(fn);
          return exit.error(call, error);
        }
        const { topic } = path.circuit;
        if (typeof topic !== 'string' || topic === call.frame.circuit) return enter(path, call, exit);
        const { reading } = circuitFrames(path.circuit, fn);
        return enter(path, call.under(reading.under(call.frame)), new OuterExit(call, exit));
      };

      function enter(path: CallPath, call: Call, exit: Exit): unknown {
        const { fastPath } = path;
        if (fastPath.memory.peek(fastPath.at) !== fastPath.freeTag) return ask(path, call, exit);
        if (free?.fastPath !== fastPath || free.exit !== exit) free = new FreeExit(path, fn, exit);
        return inner(call, free);
      }

      function ask(path: CallPath, call: Call, exit: Exit): unknown {
        // The circuit is asked at each subscription, so that a refusal is an error to the subscriber.
        if (givesObservables(fn)) return inner(call, new SubscriptionExit(path, fn, exit));
        const admission = path.admit(fn);
        if (admission.status !== 'admitted') return refuse(path, admission.error, call, exit);
        const start = startTime(path.circuit);
        if (admission.probe === undefined)
          return inner(call, new AdmittedExit({ path, fn, admission, start, probe: undefined }, exit));
        const probe = beginProbe(path.circuit.memory, admission);
        const probeExit = new AdmittedExit({ path, fn, admission, start, probe }, exit);
        return insideProbe(probe, () => inner(call, probeExit));
      }

      function refuse(path: CallPath, error: unknown, call: Call, exit: Exit): unknown {
        if (path.givesObservables(fn))
          return exit.observed(call, refusedObservable(path, error, fn, call.self, call.args));
        call.rejects ||= path.rejects(fn);
        return exit.error(call, error);
      }
    },
  };
}
