'use strict';
const { parentPort, Worker } = require('node:worker_threads');

/** Does the jobs that a `Hand` of the spec asks for, one answer a question. */
exports.serve = function serve(jobs) {
  parentPort.on('message', async ({ id, job, args }) => {
    try {
      parentPort.postMessage({ id, value: await jobs[job](...args) });
    } catch (error) {
      parentPort.postMessage({ id, error: String(error?.stack ?? error) });
    }
  });
};

/** Tells the spec something it did not ask for. */
exports.tell = function tell(told) {
  parentPort.postMessage({ told });
};

function ask(worker, job, args) {
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', ({ value, error }) => (error === undefined ? resolve(value) : reject(error)));
    worker.postMessage({ id: 0, job, args });
  });
}

/** Has one job done by a worker of this worker, and terminates it. */
exports.haveDone = async function haveDone(file, job, ...args) {
  const worker = new Worker(file);
  try {
    return await ask(worker, job, args);
  } finally {
    await worker.terminate();
  }
};

/** Has one job done by a worker of this worker, which then ends by itself. */
exports.haveDoneToTheEnd = async function haveDoneToTheEnd(file, job, ...args) {
  const worker = new Worker(file);
  const exited = new Promise((resolve) => worker.on('exit', resolve));
  const value = await ask(worker, job, args);
  worker.postMessage({ id: 1, job: 'end', args: [] });
  await exited;
  return value;
};

/** Stops this thread until the spec opens the gate, so that all threads start at once. */
exports.pass = function pass(gate) {
  Atomics.add(gate, 1, 1);
  Atomics.wait(gate, 0, 0, 60_000);
};
