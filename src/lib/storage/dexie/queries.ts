/** What screens ask of the database, in live queries: read-only, one file a topic. */
export * from './queries/activity';
export * from './queries/automations';
export * from './queries/crm';
export { contactOrder, isShown, NEWEST_FIRST, type ContactsShown, type ContactSort } from './queries/contact-order';
export * from './queries/contacts';
export * from './queries/forms';
export * from './queries/loyalty';
export * from './queries/events';
export * from './queries/messages';
export type { Page } from './queries/page';
export * from './queries/search';
export * from './queries/sync';
export * from './queries/workspace';
