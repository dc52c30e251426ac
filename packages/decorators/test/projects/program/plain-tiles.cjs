// The class of tiles.ts as Node runs it: without decorators, and without a compiler.
'use strict';
const { threadId } = require('node:worker_threads');
const { withCircuitBreaker, withRetry } = require('@switchgear/core');
const { Parallel, parallel } = require('@switchgear/executor');

class TileError extends Error {
  name = 'TileError';
}

const guarded = withCircuitBreaker({ key: 'tile-server', failureThreshold: 2, resetTimeout: '30s' });
const load = guarded(async (name) => {
  if (name === '') throw new TileError('no such tile');
  return `tile ${name}`;
});

class Tiles {
  count(zoom) {
    return { tiles: 4 ** zoom, thread: threadId };
  }

  fetch(name) {
    return load(name);
  }

  static side(tiles) {
    return Math.sqrt(tiles);
  }
}
Parallel()(Tiles);

let calls = 0;
const locate = withRetry({ initialDelay: '1ms' })(
  parallel(async function locate(name) {
    if (++calls % 2 === 1) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return `${name} is found by ${threadId === 0 ? 'this' : 'another'} thread`;
  }),
);

exports.Tiles = Tiles;
exports.locate = locate;
