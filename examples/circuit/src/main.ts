// One after the other, as the README shows them.
await import('./outage.js');
await import('./threads.js');
