// The class of tiles.ts as Node runs it: without decorators, and without a compiler.
'use strict';
const { threadId } = require('node:worker_threads');
const { withCircuitBreaker } = require('@switchgear/core');
const { Parallel } = require('@switchgear/executor');

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
}
Parallel()(Tiles);

exports.Tiles = Tiles;
