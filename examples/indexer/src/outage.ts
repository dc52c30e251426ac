/** What the index service does with requests. */
export type Phase = 'up' | 'refuses' | 'hangs' | 'busy' | 'recovered';

/** An outage as they are, in short: how long each phase lasts, in ms. */
export const OUTAGE: readonly { readonly phase: Phase; readonly lasts: number }[] = [
  { phase: 'refuses', lasts: 1_500 },
  { phase: 'hangs', lasts: 1_500 },
  { phase: 'busy', lasts: 1_500 },
  { phase: 'recovered', lasts: 0 },
];

/** In words. */
export const PHASES: Readonly<Record<Phase, string>> = {
  up: 'is up',
  refuses: 'refuses connections',
  hangs: 'takes connections, and never answers',
  busy: 'answers 503, with Retry-After: 1',
  recovered: 'has recovered',
};
