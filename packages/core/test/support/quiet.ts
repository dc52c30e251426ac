import { afterEach } from '@jest/globals';

/*
 * A spec that says something nobody asked for fails, so that a green run says nothing. Specs in which a warning is due listen to it by
 * `heardWarnings`. Jest gives each spec file a process and a console of its own, and sets them up here first.
 */
const said: string[] = [];

process.emitWarning = (warning: string | Error): void => {
  said.push(`a warning of the process: ${String(warning)}`);
};
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
  console[method] = (...things: unknown[]) => {
    said.push(`console.${method}: ${things.map(String).join(' ')}`);
  };
}

afterEach(() => {
  const lines = said.splice(0);
  if (lines.length > 0) throw new Error(`not expected:\n${lines.join('\n')}`);
});
