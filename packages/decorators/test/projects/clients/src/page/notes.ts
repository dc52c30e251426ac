/** Why a client differs from what its users expect, and what to write. */
export interface Note {
  readonly clients: RegExp;
  readonly faults: RegExp;
  readonly why: string;
}

/** In the order of their numbers. A difference without a note is a fault of the run. */
export const notes: readonly Note[] = [
  {
    clients: /^octokit$/,
    faults: /in the body|in a chunked body|body short|HTML/,
    why: 'Octokit takes what it could read of a body for the whole, as a text. Say that a text is a failure: [Octokit](#octokit).',
  },
  {
    clients: /^google storage$/,
    faults: /^(resets|closes) in the body$/,
    why: 'The call never ends: the client does not hear that the connection broke. Give it a `timeout`; it ends as a timeout then.',
  },
  {
    clients: /^aws s3$/,
    faults: /^sends HTML$/,
    why: 'The parser of the SDK takes HTML for XML, and the result has no fields. `isFailure: ({ Name }) => Name === undefined` tells it for a list.',
  },
  {
    clients: /^(ky|openai|anthropic|aws s3)$/,
    faults: /^hangs in the body, the client’s own timeout$/,
    why: 'The timeout of the client ends with the headers, so a body that hangs is waited for without an end. Use [`within`](#within).',
  },
  {
    clients: /^(undici|got|octokit)$/,
    faults: /^30\d$/,
    why: 'The client resolves for 3xx.',
  },
  {
    clients: /^(fetch, resolves|fetch, throws|ky|openai|anthropic|octokit|graphql-request)$/,
    faults: /^407$/,
    why: 'The `fetch` of Node fails for 407 as for a network that is down, and nothing in its error tells. Only a proxy answers so.',
  },
  {
    clients: /^(node-fetch|superagent|openai|anthropic)$/,
    faults: /AbortSignal\.timeout/,
    why: 'The error says only that the call was aborted, and an abort is not tried again. As an argument, the signal tells the circuit that it was a timeout. Use the timeout of the client, or [`within`](#within).',
  },
  {
    clients: /^aws s3$/,
    faults: /^(`AbortSignal|aborted).*in the body/,
    why: 'The SDK reports a connection that was reset.',
  },
  {
    clients: /^ioredis$/,
    faults: /max number of clients/,
    why: 'The error says only that the connection was closed.',
  },
  {
    clients: /^(ioredis|amqplib)$/,
    faults: /what is not/,
    why: 'The error has only a text, which is not known.',
  },
  {
    clients: /^amqplib$/,
    faults: /^506/,
    why: 'The error says only that the channel ended. What the server said is in the event `error` of the connection.',
  },
  {
    clients: /^nats$/,
    faults: /^resets in a request$/,
    why: 'A request whose connection breaks waits for its timeout.',
  },
];

export function numberOfNote(client: string, fault: string): number | undefined {
  const index = notes.findIndex(({ clients, faults }) => clients.test(client) && faults.test(fault));
  return index < 0 ? undefined : index + 1;
}
