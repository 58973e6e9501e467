import type { engine } from '$lib/app/engine';

type Contacts = ReturnType<typeof engine>['contacts'];

/** Which contacts a bulk action means: these, or all that a view of the table shows. */
export type ContactChoice = Parameters<Contacts['remove']>[0];
export type ContactFilter = Extract<ContactChoice, { listId: unknown }>;
export type ContactDraft = Parameters<Contacts['save']>[0];
