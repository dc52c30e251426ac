import { isObject } from '../errors/object-shape.js';
import { FaultList } from './fault-list.js';
import { adviceOn, type ForeignNames } from './foreign-names.js';
import { nearest } from './nearest.js';
import type { FieldName, Presence } from './option-fields.js';

/** What a reader knows besides the object that it reads. */
export interface ReadContext {
  /** What options of other libraries are called here. Default none. */
  readonly foreignNames?: ForeignNames;
  /** Where an object within an object is read. */
  readonly nesting?: { readonly path: string; readonly faults: FaultList };
}

/** Reads the fields of an object one by one, each exactly once, and collects their faults. */
export class FieldReader<Options extends object> {
  protected readonly subject: string;
  readonly #fields: object | undefined;
  readonly #path: string;
  protected readonly faults: FaultList;
  readonly #nested: boolean;
  protected readonly foreignNames: ForeignNames;
  readonly #values = new Map<string, unknown>();

  constructor(subject: string, input: unknown, { nesting, foreignNames = {} }: ReadContext = {}) {
    this.subject = subject;
    this.#path = nesting?.path ?? '';
    this.faults = nesting?.faults ?? new FaultList();
    this.#nested = nesting !== undefined;
    this.foreignNames = foreignNames;
    this.#fields = isObject(input) && !Array.isArray(input) ? input : undefined;
    if (this.#fields === undefined && input !== undefined)
      this.faults.report(this.#path, input, 'an object with options');
  }

  /** Whether the input is an object, so that there are fields to read. */
  protected get isObject(): boolean {
    return this.#fields !== undefined;
  }

  /** A field as it was written, for fields that no other method reads. {@link finish} does not report it as unknown. */
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
   * Reports a fault that only several fields together show. A field has one fault at most, the first.
   *
   * @param path the field, or a place within the field such as 'expectedErrors[1]'
   * @param allowed the values that the field takes, in words
   * @param received the value to show. Default the field's value
   */
  fault(
    path: FieldName<Options> | `${FieldName<Options>}${'.' | '['}${string}`,
    allowed: string,
    received?: unknown,
  ): void {
    const value = arguments.length > 2 ? received : this.#values.get(path);
    this.faults.report(this.pathOf(path), value, allowed);
  }

  /** Whether a field, or a place within the field, has a fault: then it cannot be compared with another field. */
  isFaulty(name: FieldName<Options>): boolean {
    return this.faults.concerns(this.pathOf(name));
  }

  /**
   * Reports the fields that were not read, each with the name that was probably meant, or what it is called here.
   *
   * @throws PolicyError with all faults, if there are any
   */
  finish(): void {
    const fields = [...this.#values.keys()];
    for (const name of Object.keys(this.#fields ?? {})) {
      if (this.#values.has(name)) continue;
      const received = this.raw(name as FieldName<Options>);
      if (received === undefined) continue;
      const advice = adviceOn(name, received, this.#path, this.foreignNames);
      this.faults.reportUnknown(
        this.pathOf(name),
        received,
        fields,
        advice ?? { suggestion: nearest(name, fields) },
      );
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
      // Where the input is no object, that is its only fault.
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
