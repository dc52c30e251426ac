// Listens, and has nothing else to do: Node ends such a process by itself.
import { CircuitBreaker, circuits } from '@switchgear/core';

const listener = () => undefined;
circuits.subscribe(listener);
circuits.get('heard', { failureThreshold: 1, resetTimeout: '1h' }).subscribe(listener);
new CircuitBreaker().subscribe(listener);
circuits.get('heard').acquire().fail(new Error('down'));
