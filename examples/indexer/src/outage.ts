/** What the index service does with requests in each phase. */
export type Phase = 'up' | 'refuses' | 'hangs' | 'busy' | 'recovered';

/** A short outage with the phases of a real one: the duration of each phase, in ms. */
export const OUTAGE: readonly { readonly phase: Phase; readonly lasts: number }[] = [
  { phase: 'refuses', lasts: 1_500 },
  { phase: 'hangs', lasts: 1_500 },
  { phase: 'busy', lasts: 1_500 },
  { phase: 'recovered', lasts: 0 },
];

/** The phases in words. */
export const PHASES: Readonly<Record<Phase, string>> = {
  up: 'is up',
  refuses: 'refuses connections',
  hangs: 'takes connections, and never answers',
  busy: 'answers 503, with Retry-After: 1',
  recovered: 'has recovered',
};
