/** JSON, but `Infinity` and undefined differ from null. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part === Infinity || part === undefined ? String(part) : part,
  );
}
