import { fieldOf, isObject } from '../errors/object-shape.js';
import { tryRead } from '../errors/try-read.js';

/**
 * The `error` in the JSON that a response brought, where axios and gaxios put it: in `data`.
 *
 * Only of the response's own `data`: the one that node-fetch's responses inherit warns the process that it is deprecated.
 */
export function bodyErrorOf(response: unknown): unknown {
  if (!isObject(response) || tryRead(() => Object.hasOwn(response, 'data')) !== true) return undefined;
  return fieldOf(fieldOf(response, 'data'), 'error');
}
