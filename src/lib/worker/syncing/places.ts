import * as v from 'valibot';
import { initialValues } from '$lib/core/fields';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { Remote } from '$lib/sync/remote';
import type { RemoteDefinition, RemoteFetch } from '$lib/sync/remotes/definition';
import type { RemoteKind, RemotePlace } from './sync-api';

/** Kinds of remotes, by id, and how they are called. */
export interface Places {
  readonly remotes: ReadonlyMap<string, RemoteDefinition>;
  readonly fetch: RemoteFetch;
}

/** The remote at this place. Refused where a field is missing or wrong, or the kind is unknown to this version of the app. */
export function remoteAt({ remote, fields }: RemotePlace, { remotes, fetch }: Places): Result<Remote> {
  const definition = remotes.get(remote);
  if (definition === undefined) return failed(words('words.sync.unknown_remote'));
  const values = { ...initialValues(definition.fields), ...fields };
  const wrong = Object.entries(definition.fields).find(([name, { schema }]) => !v.is(schema, values[name]));
  if (wrong !== undefined) return failed(words('words.account.field_missing', { field: wrong[0] }));
  return ok(definition.connect(values, fetch));
}

/** The place's fields by whether they may be read by whoever has the device. */
export function parted(
  { remote, fields }: RemotePlace,
  { remotes }: Places
): { open: Record<string, unknown>; secret: Record<string, string> } {
  const open: Record<string, unknown> = {};
  const secret: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    const isSecret = remotes.get(remote)?.fields[name]?.control.kind === 'secret';
    if (!isSecret) open[name] = value;
    else if (typeof value === 'string') secret[name] = value;
  }
  return { open, secret };
}

/** `origin`: the app's address. */
export function kindsOf({ remotes }: Places, origin: string): RemoteKind[] {
  return [...remotes.values()].map(({ id, name, documentation, fields, steps }) => ({
    id,
    name,
    documentation,
    fields: Object.entries(fields).map(([field, { control, required, initial }]) => ({
      name: field,
      control,
      required,
      initial
    })),
    steps: steps.map((step) => ({ name: step.name, ...(step.copy ? { copy: step.copy(origin) } : {}) }))
  }));
}
