/** Gives a function that stands for another one that one's name and length. */
export function resemble(stand: object, original: object): void {
  for (const property of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, property);
    if (descriptor !== undefined) Object.defineProperty(stand, property, descriptor);
  }
}
