import type { Id } from '$lib/core/ids';
import type { PERSONAL_TABLES, Tables } from '$lib/core/tables';

type PersonalTable = (typeof PERSONAL_TABLES)[number];

/**
 * All that the workspace holds of one person, as a file: an array of rows for each table that may hold something, in the shapes of the
 * workspace file. What a row says of others, and what our calls to the outside are signed with, is left out.
 */
export interface PersonalData {
  readonly format: 'ricochet-person';
  readonly version: 1;
  readonly exportedAt: string;
  readonly contactId: Id;
  readonly tables: { readonly [T in PersonalTable]: readonly Tables[T][] };
}
