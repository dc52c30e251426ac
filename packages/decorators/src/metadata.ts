import 'reflect-metadata';
import type { CircuitBreaker } from '@switchgear/core';
import type { AttachedPolicy } from './attached-policy.js';

/*
 * The metadata of a method is written on its wrapper function. So the rules of the language decide which metadata an
 * inherited, overridden, static or private method has, under every compiler. The circuits that a class declares are
 * written on the class. The keys are strings, so that two copies of this package read each other's metadata.
 */
const POLICIES = 'switchgear:policies';
const CIRCUIT = 'switchgear:circuit';

/** Resolves the circuit of a method for a call with this `this` and these arguments. */
export type CircuitResolver = (self: unknown, args: readonly unknown[]) => CircuitBreaker | undefined;

/** The declarations of a class, written on the class or on its metadata object. */
export function declarationsOn(target: object): readonly AttachedPolicy[] {
  return (Reflect.getOwnMetadata(POLICIES, target) as readonly AttachedPolicy[] | undefined) ?? NONE;
}

const NONE: readonly AttachedPolicy[] = Object.freeze([]);

export function circuitOn(target: object): CircuitResolver | undefined {
  return Reflect.getOwnMetadata(CIRCUIT, target) as CircuitResolver | undefined;
}

/** Writes a declaration before the existing ones. */
export function addDeclaration(target: object, policy: AttachedPolicy): void {
  Reflect.defineMetadata(POLICIES, Object.freeze([policy, ...declarationsOn(target)]), target);
}

export function setCircuit(target: object, resolve: CircuitResolver): void {
  Reflect.defineMetadata(CIRCUIT, resolve, target);
}

/** Copies all metadata of a function to another function: that of other libraries, such as routes and guards, and ours. */
export function copyMetadata(from: object, to: object): void {
  for (const key of Reflect.getOwnMetadataKeys(from) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from), to);
  }
}
