import { ThreadWorker } from 'poolifier';
import run, { type Task } from './executor-thread.js';

/** The worker of poolifier, which needs a class of its own in the thread. */
// eslint-disable-next-line import-x/no-default-export
export default new ThreadWorker<Task, unknown[]>((task) => (task === undefined ? [] : run(task)), {
  maxInactiveTime: 60_000,
});
