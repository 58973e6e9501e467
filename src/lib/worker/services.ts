import type { ServiceDefinition } from '$lib/core/providers';
import type { Parts } from './parts';

/** What an account can be at, by its id: a provider, or the own service of a source. */
export function serviceAt(
  id: string,
  { providers, sources }: Pick<Parts, 'providers' | 'sources'>
): ServiceDefinition | undefined {
  return providers.get(id) ?? [...sources.values()].find(({ service }) => service?.id === id)?.service;
}
