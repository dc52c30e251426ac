import workerpool from 'workerpool';
import run from './executor-thread.js';

/** workerpool needs the list of functions in the thread. */
workerpool.worker({ run });
