/** Gives a wrapper the name and length of the function that it wraps. */
export function resemble(wrapper: object, original: object): void {
  for (const property of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, property);
    if (descriptor !== undefined) Object.defineProperty(wrapper, property, descriptor);
  }
}
