import { jest } from '@jest/globals';

/** The messages of the warnings that the process is given from now on, instead of the console. */
export function heardWarnings(): readonly string[] {
  const heard: string[] = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    heard.push(typeof warning === 'string' ? warning : warning.message);
  });
  return heard;
}
