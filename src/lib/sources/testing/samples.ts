import type { InboxKind } from '$lib/core/inbox';
import type { IncomingFact } from '$lib/core/sources';
import { mappers } from '../mappers/registry';

export const RECEIVED = Date.UTC(2027, 0, 5, 12);

/** As the vendors document them: a folder a service, a file a post. */
export const samples = import.meta.glob<string>('../mappers/samples/*/*.{json,form}', {
  eager: true,
  query: '?raw',
  import: 'default'
});

export function pathOf(kind: InboxKind, name: string): string {
  return `../mappers/samples/${kind}/${name}.${kind === 'twilio' ? 'form' : 'json'}`;
}

export function sampleOf(kind: InboxKind, name: string): string {
  return samples[pathOf(kind, name)] ?? '';
}

/** What a post tells. */
export function factsOfPost(kind: InboxKind, body: string): readonly IncomingFact[] {
  const result = mappers.get(kind)?.facts({ body, contentType: 'application/json', receivedAt: RECEIVED });
  if (!result?.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

export function toldBySample(kind: InboxKind, name: string): readonly IncomingFact[] {
  return factsOfPost(kind, sampleOf(kind, name));
}
