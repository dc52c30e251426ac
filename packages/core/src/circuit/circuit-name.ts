/**
 * The name of a circuit for people. The name of a method's own circuit ends with a line of code, which distinguishes
 * methods of the same name; this name omits it.
 *
 * @example
 * shownName('Geocoder.lookup (/app/geocoder.js:12:3)'); // 'Geocoder.lookup'
 */
export function shownName(key: string): string {
  return key.replace(/ \([^()]*:\d+:\d+\)$/, '');
}
