// The types of the option reader: which fields an options type has, and how a field is read.

/** The field names of an options type; of a union, the names of all its members. */
export type FieldName<Options> = Options extends object ? Extract<keyof Options, string> : never;

export type FieldOf<Options, Name> = Options extends object
  ? Name extends keyof Options
    ? Options[Name]
    : never
  : never;

/** The names of the fields that may hold a value of a kind: reading a field as another kind does not compile. */
export type FieldOfKind<Options, Kind> = {
  [Name in FieldName<Options>]: unknown extends FieldOf<Options, Name>
    ? Name
    : Extract<FieldOf<Options, Name>, Kind> extends never
      ? never
      : Name;
}[FieldName<Options>];

export type AnyFunction = (...args: never[]) => unknown;
export type FunctionOf<Field> = unknown extends Field ? AnyFunction : Extract<Field, AnyFunction>;
export type GroupOf<Field> = unknown extends Field
  ? Record<string, unknown>
  : Exclude<Extract<Field, object>, AnyFunction>;

/** Whether a field has a default, is required, or is undefined when absent. */
export interface Presence<Value> {
  readonly default?: Value;
  readonly required?: boolean;
}
export type Given<Value> = { readonly default: Value } | { readonly required: true };

export interface NumberLimits extends Presence<number> {
  readonly min?: number;
  readonly max?: number;
  /** Whether `Infinity` is allowed too, whatever `max` says. */
  readonly orInfinity?: boolean;
}

export interface TextLimits extends Presence<string> {
  /** The smallest number of characters. Default 1. */
  readonly min?: number;
  readonly max?: number;
}
