export type { Memory, Wide } from './circuit/memory.js';
export {
  type Ending,
  explore,
  type Exploration,
  type ExploreOptions,
  type Program,
  type Run,
  ScheduleError,
} from './testing/explore.js';
export { ManualClock } from './testing/manual-clock.js';
export { seededRandom } from './testing/seeded-random.js';
export { replaceCircuits } from './testing/replace-circuits.js';
