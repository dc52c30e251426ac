import { FaultList } from './fault-list.js';
import { nearest } from './nearest.js';
import type { FieldName, Presence } from './option-fields.js';

/** Where an object within an object is read. */
export interface Nesting {
  readonly path: string;
  readonly faults: FaultList;
}

/** Reads the fields of an object one by one, each exactly once, and collects what is wrong with them. */
export class FieldReader<Options extends object> {
  protected readonly subject: string;
  readonly #fields: object | undefined;
  readonly #path: string;
  protected readonly faults: FaultList;
  readonly #nested: boolean;
  readonly #values = new Map<string, unknown>();

  constructor(subject: string, input: unknown, nesting?: Nesting) {
    this.subject = subject;
    this.#path = nesting?.path ?? '';
    this.faults = nesting?.faults ?? new FaultList();
    this.#nested = nesting !== undefined;
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    this.#fields = isObject ? input : undefined;
    if (!isObject && input !== undefined) this.faults.report(this.#path, input, 'an object with options');
  }

  /** Whether there are fields to read: what came is an object. */
  protected get isObject(): boolean {
    return this.#fields !== undefined;
  }

  /** A field as it was written, for what no other method reads; it counts as known. */
  raw(name: FieldName<Options>): unknown {
    if (this.#values.has(name)) return this.#values.get(name);
    let value: unknown;
    try {
      value = (this.#fields as Record<string, unknown> | undefined)?.[name];
    } catch (error) {
      this.faults.report(this.pathOf(name), error, 'a field that can be read: its getter threw');
    }
    this.#values.set(name, value);
    return value;
  }

  /**
   * Reports a fault that takes more than one field to see. A field has one fault at most, its first: a second would only
   * follow from it.
   *
   * @param path the field, or a place in it such as 'expectedErrors[1]'
   * @param allowed what it takes, in words
   * @param received what it holds; the field's value unless given
   */
  fault(
    path: FieldName<Options> | `${FieldName<Options>}${'.' | '['}${string}`,
    allowed: string,
    received?: unknown,
  ): void {
    const value = arguments.length > 2 ? received : this.#values.get(path);
    this.faults.report(this.pathOf(path), value, allowed);
  }

  /** Whether a field, or anything in it, has a fault, so that comparing it with another would make no sense. */
  isFaulty(name: FieldName<Options>): boolean {
    return this.faults.concerns(this.pathOf(name));
  }

  /**
   * Reports the fields that nobody read, each with the name that was probably meant.
   *
   * @throws PolicyError with all faults, if there are any
   */
  finish(): void {
    const known = [...this.#values.keys()];
    for (const name of Object.keys(this.#fields ?? {})) {
      if (this.#values.has(name)) continue;
      const received = this.raw(name as FieldName<Options>);
      if (received === undefined) continue;
      this.faults.reportUnknown(this.pathOf(name), received, known, nearest(name, known));
    }
    if (!this.#nested) this.faults.throwIfAny(this.subject);
  }

  protected checked<Value>(
    name: FieldName<Options>,
    allowed: string,
    presence: Presence<Value>,
    placeholder: Value | undefined,
    check: (value: unknown) => Value | undefined,
    suggest?: (value: unknown) => string | undefined,
  ): Value | undefined {
    const value = this.raw(name);
    if (value === undefined) {
      if (presence.default !== undefined || presence.required !== true) return presence.default;
      // Of what is no object at all, that is the one fault.
      if (!this.faults.has(this.#path)) this.faults.report(this.pathOf(name), value, allowed);
      return placeholder;
    }
    const checked = check(value);
    if (checked !== undefined) return checked;
    this.faults.report(this.pathOf(name), value, allowed, suggest?.(value));
    return presence.default ?? placeholder;
  }

  protected pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
