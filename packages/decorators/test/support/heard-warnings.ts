import { afterEach } from '@jest/globals';

const { emitWarning } = process;

afterEach(() => {
  process.emitWarning = emitWarning;
});

/**
 * The messages of the warnings that the process is given from now on until the spec ends, instead of the console. Under Jest each file
 * has a process object of its own, which hears no events of the real one.
 */
export function heardWarnings(): readonly string[] {
  const heard: string[] = [];
  process.emitWarning = (warning: string | Error) => {
    // As Node does to an error of another realm, which those of Jest are.
    if (typeof warning !== 'string') throw new TypeError('the warning is no text');
    heard.push(warning);
  };
  return heard;
}
