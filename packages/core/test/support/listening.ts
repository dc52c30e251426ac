import type { CircuitEvent, CircuitListener } from '@switchgear/core';

export type EventOf<Type extends CircuitEvent['type']> = Extract<CircuitEvent, { readonly type: Type }>;

interface Source {
  subscribe(listener: CircuitListener): () => void;
}

/** Everything that is heard from now on. */
export function eventsOf(source: Source): CircuitEvent[] {
  const events: CircuitEvent[] = [];
  source.subscribe((event) => {
    events.push(event);
  });
  return events;
}

/** The events of one type that are heard from now on. */
export function heard<Type extends CircuitEvent['type']>(source: Source, type: Type): EventOf<Type>[] {
  const events: EventOf<Type>[] = [];
  source.subscribe((event) => {
    if (event.type === type) events.push(event as EventOf<Type>);
  });
  return events;
}

/** The transitions that are heard from now on, as 'closed → open'. */
export function transitionsOf(source: Source): string[] {
  const transitions: string[] = [];
  source.subscribe((event) => {
    if (event.type === 'transition') transitions.push(`${event.from} → ${event.to}`);
  });
  return transitions;
}
