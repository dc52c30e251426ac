'use strict';
// Starts workers, and has not loaded core: so it does not hear of their ends.
const { haveDone, haveDoneToTheEnd, serve } = require('./serve.cjs');

serve({ haveDone, haveDoneToTheEnd });
