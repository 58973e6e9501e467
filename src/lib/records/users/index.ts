import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import type { User } from '$lib/core/rows/crm';

export interface UserFields {
  readonly name: string;
  /** Empty: none. */
  readonly email: string;
}

/** Somebody of the team. Users cause no events. */
export function createUser({ name, email }: UserFields, { now, newId }: Given): Effect & { readonly user: User } {
  const user: User = { id: newId(), name, ...(email === '' ? {} : { email }), createdAt: now };
  return { user, changes: [create('users', user.id, user)], events: [] };
}

export function updateUser(user: User, { name, email }: UserFields): Effect {
  return { changes: [update('users', user.id, { name, email: email === '' ? undefined : email })], events: [] };
}

export const OWNED_TABLES = ['contacts', 'companies', 'deals', 'tasks'] as const;
export type OwnedTable = (typeof OWNED_TABLES)[number];

/** Rows that were somebody's are nobody's from now on. */
export function disown(table: OwnedTable, ids: readonly Id[]): Effect {
  return { changes: ids.map((id) => update(table, id, { ownerId: undefined }) as Change), events: [] };
}

export function deleteUser({ id }: Pick<User, 'id'>): Effect {
  return { changes: [remove('users', id)], events: [] };
}
