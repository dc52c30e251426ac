import * as core from '@switchgear/core';
import { circuitJobs } from './circuit-jobs.cjs';
import { serve } from './serve.cjs';

serve(circuitJobs(core));
