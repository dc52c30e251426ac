'use strict';
// By its path: where Node can require ES modules, the package's name stands for the other build.
const core = require('../../dist/cjs/index.js');
const { circuitJobs } = require('./circuit-jobs.cjs');
const { serve } = require('./serve.cjs');

serve(circuitJobs(core));
