import workerpool from 'workerpool';
import run from './executor-thread.js';

/** workerpool has to be told, in the thread, what there is to call. */
workerpool.worker({ run });
