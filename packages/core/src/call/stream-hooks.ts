/** How a stream ended: by its end, by a reader who left, or by an error. */
export type StreamEnd =
  | { readonly kind: 'ended' | 'left'; readonly hasItem: boolean; readonly lastItem: unknown }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What a policy does at the beginning and at the end of a stream. */
export interface StreamHooks {
  /**
   * Lets the stream begin: at once, or when the promise is fulfilled.
   *
   * @throws the refusal, at once or as a rejection
   */
  enter(): true | Promise<void>;
  /** Called once for each stream that began. */
  leave(end: StreamEnd): void;
}
