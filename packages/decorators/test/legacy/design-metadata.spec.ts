import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, Circuits, policiesOf, Retry } from '@switchgear/decorators';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { methodOf } from '../support/method-of.js';

manualCircuits();

/** What frameworks do with parameters: it notes their places beside the method. */
function Param(name: string): (target: object, method: string | symbol | undefined, index: number) => void {
  return (target, method, index) => {
    const noted = (Reflect.getOwnMetadata('params', target, method as string) ?? []) as unknown[];
    Reflect.defineMetadata('params', [...noted, [index, name]], target, method as string);
  };
}

/** What frameworks do with routes: it writes on the function. */
function Get(path: string): MethodDecorator {
  return (_target, _method, descriptor) => {
    Reflect.defineMetadata('path', path, descriptor.value as object);
    Reflect.defineMetadata('guards', ['auth'], descriptor.value as object);
  };
}

class Point {
  readonly x: number = 0;
}

@Circuits({ 'design-metadata.spec': BRITTLE })
class Controller {
  @Get('/lookup')
  @Retry()
  @CircuitBreaker('design-metadata.spec')
  async lookup(@Param('address') address: string, @Param('near') near: Point): Promise<string> {
    return `${address} ${near.x}`;
  }

  @CircuitBreaker('design-metadata.spec')
  @Get('/count')
  count(@Param('of') of: number): number {
    return of;
  }

  @CircuitBreaker()
  @Get('/static')
  static find(@Param('id') id: string): string {
    return id;
  }
}

class SubController extends Controller {}

describe('what the compiler writes of types', () => {
  it('stays beside a decorated method', () => {
    expect(Reflect.getMetadata('design:paramtypes', Controller.prototype, 'lookup')).toEqual([String, Point]);
  });

  it('tells what it returns', () => {
    expect(Reflect.getMetadata('design:returntype', Controller.prototype, 'count')).toBe(Number);
  });
});

describe('decorators of parameters', () => {
  it('work beside ours', () => {
    expect(Reflect.getMetadata('params', Controller.prototype, 'lookup')).toEqual([
      [1, 'near'],
      [0, 'address'],
    ]);
  });

  it('leave ours alone', () => {
    expect(policiesOf(Controller, 'lookup').map(({ kind }) => kind)).toEqual(['retry', 'circuit-breaker']);
  });
});

describe('what a framework writes on the function', () => {
  it.each([
    ['above ours', Controller.prototype, 'lookup', '/lookup'],
    ['below ours', Controller.prototype, 'count', '/count'],
    ['below ours, of a static method', Controller, 'find', '/static'],
    ['and a subclass inherits', SubController.prototype, 'lookup', '/lookup'],
  ])('is found on the method: %s', (_, home, method, path) => {
    const fn = methodOf(home, method);
    expect([Reflect.getMetadata('path', fn), Reflect.getMetadata('guards', fn)]).toEqual([path, ['auth']]);
  });
});

it('nothing of ours is written beside the method, where frameworks look for what is theirs', () => {
  expect(Reflect.getMetadataKeys(Controller.prototype, 'count').map(String)).toEqual(
    expect.not.arrayContaining([expect.stringContaining('switchgear')]),
  );
});
