import { DAY, HOUR } from '$lib/core/instants';
import type { Random } from './random';
import type { Simulation } from './simulation';

/** A file of events, some of them known already, some about people whom nobody knows. */
export function eventFile(simulation: Simulation, random: Random): File {
  const contacts = simulation.mirror.all('contacts');
  const lines = Array.from({ length: random.between(1, 4) }, () => {
    const email =
      contacts.length > 0 && random.chance(0.8)
        ? random.pick(contacts).email
        : `inconnue${random.between(0, 2)}@exemple.fr`;
    return JSON.stringify({
      type: random.pick(['order.created', 'custom.event', 'website.visited']),
      email,
      occurredAt: simulation.now - random.pick([0, HOUR, 3 * DAY]),
      dedupeKey: `file:${random.between(0, 12)}`,
      properties: { orderId: `o${random.between(1, 3)}`, name: 'x', url: 'https://atelier.fr/tarifs' }
    });
  });
  return fileOf(lines.join('\n'));
}

/** A file whose reading takes no time of the platform's: it is there. */
function fileOf(text: string): File {
  const bytes = new TextEncoder().encode(text);
  const part = (start: number, end: number) => {
    const some = bytes.slice(start, end);
    return {
      text: () => Promise.resolve(new TextDecoder().decode(some)),
      arrayBuffer: () => Promise.resolve(some.buffer)
    };
  };
  return { name: 'events.jsonl', size: bytes.length, slice: part } as unknown as File;
}
