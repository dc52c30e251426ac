export type { Memory, Wide } from '../panel/memory.js';
export {
  type Ending,
  type Exploration,
  explore,
  type ExploreOptions,
  type Program,
  type Run,
  ScheduleError,
} from './explore.js';
export { ManualClock } from './manual-clock.js';
export { replaceCircuits } from './replace-circuits.js';
export { seededRandom } from './seeded-random.js';
