/** What happens to deals, as changes and the events which these cause: one for each linked contact. */
export { addNote, removeNote } from './notes';
export { createDeal, deleteDeal, duplicateDeal, type DealFields } from './create';
export { moveDeal, updateDeal, type DealPatch } from './update';
export { dealPatch, dealValue } from './assign';
