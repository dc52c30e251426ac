export { formatDuration, parseDuration } from './duration.js';
export type { Duration } from './duration.js';
