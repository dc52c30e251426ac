import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

// O28: what an editor shows of a decorator was a wall of generics, with the whole type of the method in it several times.

const file = join(import.meta.dirname, 'hovered.ts');
const source = `
import { CircuitBreaker, Circuits, Retry } from '@switchgear/decorators';

interface Point {
  readonly x: number;
}

@Circuits({ 'geo-api': { failureThreshold: 3 } })
export class Geocoder {
  @CircuitBreaker({ key: 'geo-api' })
  async lookup(address: string, options: { zoom?: number; language: string }): Promise<Point> {
    return { x: address.length + (options.zoom ?? 0) };
  }

  @Retry({ maxRetries: 2 })
  async again(address: string): Promise<Point> {
    return { x: address.length };
  }
}
`;

function serviceFor(experimentalDecorators: boolean): ts.LanguageService {
  const options: ts.CompilerOptions = {
    experimentalDecorators,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: [],
    lib: ['lib.es2022.d.ts', 'lib.esnext.decorators.d.ts'],
  };
  const textOf = (name: string) => (name === file ? source : ts.sys.readFile(name));
  return ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = textOf(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => import.meta.dirname,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: textOf,
  });
}

describe.each([
  ['standard', false],
  ['legacy', true],
])('what an editor shows in %s mode', (_, isLegacy) => {
  const service = serviceFor(isLegacy);
  const hoverOf = (decorator: string) => {
    const info = service.getQuickInfoAtPosition(file, source.indexOf(`@${decorator}(`) + 1);
    return ts.displayPartsToString(info?.displayParts).split('\n')[0];
  };

  it('of @CircuitBreaker is short, and names the method', () => {
    expect(hoverOf('CircuitBreaker')).toBe(
      '(alias) CircuitBreaker<Geocoder, "lookup">(circuit?: MethodCircuit<Geocoder, "lookup"> | undefined): ' +
        'CircuitBreakerDecorator<Geocoder, "lookup"> (+1 overload)',
    );
  });

  it('of @Retry is short', () => {
    expect(hoverOf('Retry')).toBe(
      '(alias) Retry<Promise<Point>>(policy?: MethodRetryPolicy<Promise<Point>> | undefined, options?: RetryOptions): ' +
        'RetryDecorator<Promise<Point>> (+1 overload)',
    );
  });

  it('of @Circuits is short', () => {
    expect(hoverOf('Circuits')).toBe(
      '(alias) Circuits(policies: CircuitPolicies): CircuitsDecorator (+1 overload)',
    );
  });
});
