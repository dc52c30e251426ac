import { report } from './report.js';

void report().then((text) => console.log(text));
