import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { afterEach } from '@jest/globals';

type OnEvent = (event: string, message: unknown) => void;

/** Hears the five events of a tracing channel. @returns what ends it */
export function onTracing(name: string, onEvent: OnEvent): () => void {
  const handlers = {
    start: (message: unknown) => onEvent('start', message),
    end: (message: unknown) => onEvent('end', message),
    asyncStart: (message: unknown) => onEvent('asyncStart', message),
    asyncEnd: (message: unknown) => onEvent('asyncEnd', message),
    error: (message: unknown) => onEvent('error', message),
  };
  tracingChannel(name).subscribe(handlers);
  return () => {
    tracingChannel(name).unsubscribe(handlers);
  };
}

/** Hears plain channels. @returns what ends it */
export function onChannels(
  names: readonly string[],
  onMessage: (name: string, message: unknown) => void,
): () => void {
  const listener = (message: unknown, name: string | symbol): void => onMessage(String(name), message);
  for (const name of names) subscribe(name, listener);
  return () => {
    for (const name of names) unsubscribe(name, listener);
  };
}

/** What is heard of a channel from now on, to the end of the test. */
export interface Heard<Message> {
  /** The events of a tracing channel, in order. */
  readonly events: string[];
  readonly messages: Message[];
  leave(): void;
}

const leaves: (() => void)[] = [];

afterEach(() => {
  for (const leave of leaves.splice(0)) leave();
});

export function heardTracing<Message>(name: string): Heard<Message> {
  const events: string[] = [];
  const messages: Message[] = [];
  const leave = onTracing(name, (event, message) => {
    events.push(event);
    if (event === 'start') messages.push(message as Message);
  });
  leaves.push(leave);
  return { events, messages, leave };
}

export function heardChannel<Message>(name: string): Heard<Message> {
  const messages: Message[] = [];
  const leave = onChannels([name], (_, message) => void messages.push(message as Message));
  leaves.push(leave);
  return { events: [], messages, leave };
}
