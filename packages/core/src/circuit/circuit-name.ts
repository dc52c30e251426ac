/**
 * A circuit's name as people read it: that of a method's own circuit without where the method stands, which is there to
 * tell it from others of the same name.
 *
 * @example
 * shownName('Geocoder.lookup (/app/geocoder.js:12:3)'); // 'Geocoder.lookup'
 */
export function shownName(key: string): string {
  return key.replace(/ \([^()]*:\d+:\d+\)$/, '');
}
