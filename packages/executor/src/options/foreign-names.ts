import type { ForeignNames } from '@switchgear/core/kit';

const CLASS =
  'the executor is given the class and the method, such as executor.map(Geocoder, "lookup", items)';
const IDLE = 'workers start when a job needs them; idleTimeout ends idle ones';

/** The names that other libraries have for the options of an executor and its jobs. */
export const FOREIGN_NAMES: ForeignNames = {
  // p-map
  concurrency: ['workers', 'it is an option of the executor: how many threads run items at once'],
  stopOnError: [undefined, 'map stops at the first error, mapSettled and stream go on'],
  // piscina, tinypool
  maxThreads: ['workers', 'it is an option of the executor'],
  minThreads: [undefined, IDLE],
  filename: [undefined, CLASS],
  workerData: ['constructorArgs', 'each worker makes an instance of the class with them'],
  transferList: ['transfer', 'a function of the item that returns its buffers'],
  concurrentTasksPerWorker: [undefined, 'a worker runs one item after the other'],
  maxQueue: [undefined, 'an executor takes the items of an iterable only as it needs them'],
  closeTimeout: ['grace', 'it is how long a running item may go on after its job was cancelled'],
  terminateTimeout: ['grace', 'it is how long a running item may go on after its job was cancelled'],
  argv: [undefined, 'a worker has the arguments of this process'],
  execArgv: [undefined, 'a worker is started as this process was; preload imports modules first'],
  // workerpool, poolifier
  maxWorkers: ['workers', 'it is an option of the executor'],
  minWorkers: [undefined, IDLE],
  workerTerminateTimeout: ['grace', 'it is how long a running item may go on after its job was cancelled'],
  maxQueueSize: [undefined, 'an executor takes the items of an iterable only as it needs them'],
  // Common elsewhere.
  threads: ['workers', 'it is an option of the executor'],
  poolSize: ['workers', 'it is an option of the executor'],
  size: ['workers', 'it is an option of the executor'],
  chunkSize: 'chunk',
  batchSize: 'chunk',
  retries: ['crashRetries', 'it counts deaths of workers; @Retry() on the method tries errors again'],
  maxRetries: ['crashRetries', 'it counts deaths of workers; @Retry() on the method tries errors again'],
  timeout: [undefined, 'give the job a signal, such as AbortSignal.timeout(30_000)'],
};
