/** What to know besides the name, such as another unit; a function is given the value that came. */
type Note = string | ((received: unknown) => string);

/**
 * The options of other libraries and what each is called here, a policy at a time. Capitals do not count.
 *
 * A row has our option, as a path such as `'window.failureRate'`, or a pair of the option and a note. The option is undefined where there
 * is none; then the note says what to write instead. A row is read only where the policy has no option of that name.
 *
 * @example
 * const names: ForeignNames = {
 *   halfOpenAfter: 'resetTimeout',
 *   errorThresholdPercentage: ['window.failureRate', shareOfPercent],
 *   timeout: [undefined, 'a circuit does not end calls'],
 * };
 */
export type ForeignNames = Readonly<
  Record<string, string | readonly [option: string | undefined, note: Note]>
>;

/** What to write in place of an option that does not exist. */
export interface Advice {
  /** The option to write, as a path. */
  readonly suggestion?: string;
  /** The rest of the sentence that begins with the option's path. */
  readonly advice: string;
}

/**
 * What to write in place of an option of another library.
 *
 * @param parent the path of the object in which it was found; '' for the policy itself
 * @returns undefined for a name that no row has
 */
export function adviceOn(
  name: string,
  received: unknown,
  parent: string,
  names: ForeignNames,
): Advice | undefined {
  const row = Object.entries(names).find(([foreign]) => foreign.toLowerCase() === name.toLowerCase())?.[1];
  if (row === undefined) return undefined;
  const [option, note] = typeof row === 'string' ? [row] : row;
  const more = typeof note === 'function' ? note(received) : note;
  if (option === undefined) return { advice: `is no option here: ${more}` };
  const advice = [renamed(name, option, parent), more].filter((part) => part !== undefined).join('; ');
  return { suggestion: option, advice };
}

/** For an option that is a percentage elsewhere and a share here. */
export function shareOfPercent(received: unknown): string {
  return typeof received === 'number' && received > 1 && received <= 100
    ? `it is a share of 1: write ${received / 100} for ${received} %`
    : 'it is a share of 1: write 0.5 for 50 %';
}

function renamed(name: string, option: string, parent: string): string {
  const dot = option.lastIndexOf('.');
  const [home, ours] = [option.slice(0, Math.max(dot, 0)), option.slice(dot + 1)];
  if (name !== ours) return `is called ${ours} here${home === parent ? '' : `, in ${placeOf(home)}`}`;
  return `belongs in ${placeOf(home)}`;
}

function placeOf(home: string): string {
  return home === '' ? 'the policy itself' : home;
}
