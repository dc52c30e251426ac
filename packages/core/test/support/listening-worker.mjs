// The same in a worker: with a listener and no port to listen at, it ends by itself.
import './listening-process.mjs';
