/** What happens to contacts, as changes and the events which these cause. */
export { together, type Cause } from './cause';
export { identityKeysOf, readContact, refuseTaken, type ContactFields, type TypedContact } from './contact-fields';
export { createContact } from './create';
export { eraseContact, hideContact, showContact, type PersonalRows } from './erase';
export { parseEmail, parsePhone } from './identity';
export { addToList, removeFromList } from './membership';
export { updateContact, type ContactPatch } from './update';
