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
  return fileOf('events.jsonl', lines.join('\n'));
}

/** A file of contacts, with a header. */
export function contactFile({ mirror }: Simulation, random: Random, name: string): File {
  const known = mirror.all('contacts').flatMap(({ email }) => email ?? []);
  const lines = Array.from({ length: random.between(2, 9) }, (): string => {
    const number = random.between(200, 220);
    const email = known.length > 0 && random.chance(0.4) ? random.pick(known) : `importee${number}@exemple.fr`;
    const phone = random.chance(0.3) ? `06 11 00 ${String(random.between(10, 30))} 07` : '';
    return random.pick([
      `${email},${phone},Importée ${number},${random.pick(['Lyon', 'Nantes', ''])}`,
      `${email.toUpperCase()},,Importée ${number},Lyon`,
      `${email},,"Importée ${number}, ""dite"" X",Nantes`,
      random.chance(0.5) ? 'pas une adresse,12,,' : `,${phone},Importée ${number},`
    ]);
  });
  return fileOf(name, ['email,phone,name,city', ...lines].join('\n'));
}

/** A file whose reading takes no time of the platform's: it is there. */
function fileOf(name: string, text: string): File {
  const bytes = new TextEncoder().encode(text);
  const part = (start: number, end: number) => {
    const some = bytes.slice(start, end);
    return {
      text: () => Promise.resolve(new TextDecoder().decode(some)),
      arrayBuffer: () => Promise.resolve(some.buffer)
    };
  };
  return { name, size: bytes.length, slice: part } as unknown as File;
}
