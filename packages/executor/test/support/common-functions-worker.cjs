'use strict';
const { threadId } = require('node:worker_threads');
const { withRetry } = require('@switchgear/core');
const { parallel } = require('@switchgear/executor');

exports.common = withRetry()(parallel(async (n) => ['of CommonJS', n, threadId]));
