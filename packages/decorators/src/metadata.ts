import 'reflect-metadata';
import type { CircuitBreaker } from '@switchgear/core';
import type { AttachedPolicy } from './attached-policy.js';

/*
 * What a method carries is written on the function that stands for it, so it is found wherever the function is found:
 * inherited, overridden, static or private, by the rules of the language and under every compiler. Strings for keys,
 * that two copies of this package read each other's.
 */
const POLICIES = 'switchgear:policies';
const CIRCUIT = 'switchgear:circuit';

/** Finds the circuit of a method for a call with this `this` and these arguments. */
export type FindCircuit = (self: unknown, args: readonly unknown[]) => CircuitBreaker | undefined;

/** What is written on a function, or on what stands for a class; outermost first. */
export function policiesOn(target: object): readonly AttachedPolicy[] {
  return (Reflect.getOwnMetadata(POLICIES, target) as readonly AttachedPolicy[] | undefined) ?? NONE;
}

const NONE: readonly AttachedPolicy[] = Object.freeze([]);

export function circuitOn(target: object): FindCircuit | undefined {
  return Reflect.getOwnMetadata(CIRCUIT, target) as FindCircuit | undefined;
}

/** Writes one more policy around those that are there. */
export function addPolicy(target: object, policy: AttachedPolicy): void {
  Reflect.defineMetadata(POLICIES, Object.freeze([policy, ...policiesOn(target)]), target);
}

export function setCircuit(target: object, find: FindCircuit): void {
  Reflect.defineMetadata(CIRCUIT, find, target);
}

/** Copies everything that is written on a function to another one: routes, guards, and what we wrote. */
export function copyMetadata(from: object, to: object): void {
  for (const key of Reflect.getOwnMetadataKeys(from) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from), to);
  }
}
