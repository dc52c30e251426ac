'use strict';
const { Parallel } = require('@switchgear/executor');

class Common {
  who() {
    return 'of CommonJS';
  }
}
Parallel()(Common);
exports.classes = { Common };
