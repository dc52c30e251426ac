/** Gives a function that stands for another one that one's name and length. */
export function resemble(wrapper: object, original: object): void {
  for (const property of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, property);
    if (descriptor !== undefined) Object.defineProperty(wrapper, property, descriptor);
  }
}
