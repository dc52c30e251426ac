import { type Fault, PolicyError } from '../errors/policy-error.js';

/** The faults of one policy. A field has one fault at most, the first, because a second would follow from the first. */
export class FaultList {
  readonly #faults: Fault[] = [];

  has(path: string): boolean {
    return this.#faults.some((fault) => fault.path === path);
  }

  /** Whether a field, or a place within the field, has a fault. */
  concerns(path: string): boolean {
    const inside = [`${path}.`, `${path}[`];
    return (
      this.has(path) || this.#faults.some((fault) => inside.some((start) => fault.path.startsWith(start)))
    );
  }

  report(path: string, received: unknown, allowed: string, suggestion?: string): void {
    this.add(
      suggestion === undefined ? { path, received, allowed } : { path, received, allowed, suggestion },
    );
  }

  /** Reports a field that does not exist, with the existing field that was probably meant, and what to know about it. */
  reportUnknown(
    path: string,
    received: unknown,
    fields: readonly string[],
    { suggestion, advice }: { readonly suggestion?: string | undefined; readonly advice?: string },
  ): void {
    const allowed = fields.length === 0 ? 'no options' : fields.join(', ');
    this.add({
      path,
      received,
      allowed,
      unknown: true,
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(advice === undefined ? {} : { advice }),
    });
  }

  /** @throws PolicyError with all faults, if there are any */
  throwIfAny(subject: string): void {
    if (this.#faults.length > 0) throw new PolicyError(subject, this.#faults);
  }

  /** Adds a fault of a part of the policy. One for a path that has a fault already is left out. */
  add(fault: Fault): void {
    if (!this.has(fault.path)) this.#faults.push(Object.freeze(fault));
  }
}
