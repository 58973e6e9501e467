import { defineAction } from '$lib/core/definitions';
import { choice, references } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { setOwner } from '$lib/records/contacts/owner';
import { namesOf } from '../../names';
import { rotationNeeds, whoseTurn } from '../../owners';

export default defineAction({
  id: 'contact.assign_user',
  group: 'contacts',
  icon: 'user-check',
  version: 1,
  fields: {
    /** One, or several who take turns. */
    userIds: references('users', { required: true }),
    existing: choice(['keep', 'replace'], 'keep')
  },
  sentence: ({ fields, view }) => {
    if (fields.userIds.length === 0) return null;
    const users = namesOf(view.users, fields.userIds);
    return words(
      fields.userIds.length === 1
        ? 'catalogue.contact.assign_user.sentence'
        : 'catalogue.contact.assign_user.sentence_rotation',
      { users }
    );
  },
  needs: ({ fields, automationId, stepId }) => rotationNeeds(fields.userIds, automationId, stepId),
  apply: (args) => {
    const { fields, contact, view, now } = args;
    const owner = view.users.get(contact.ownerId ?? '');
    if (owner && fields.existing === 'keep')
      return ok({ changes: [], events: [], words: words('words.step.owner_kept', { user: owner.name }) });
    const turn = whoseTurn(fields.userIds, args);
    if (turn === null) return failed(words('words.step.users_gone'));
    const { changes, events } = setOwner(contact, turn.user.id, now);
    return ok({
      changes: [...changes, ...turn.changes],
      events,
      words: words('words.step.owner_set', { user: turn.user.name })
    });
  },
  examples: [
    { fields: { userIds: ['u1'] }, branch: 'next', becomes: { ownerId: 'u1' } },
    { fields: { userIds: ['u1'] }, contact: { ownerId: 'u2' }, branch: 'next', becomes: { ownerId: 'u2' } },
    {
      fields: { userIds: ['u1'], existing: 'replace' },
      contact: { ownerId: 'u2' },
      branch: 'next',
      becomes: { ownerId: 'u1' }
    },
    {
      fields: { userIds: ['u1', 'u2'] },
      related: { rotations: new Map([['a1/s1', { id: 'a1/s1', counts: { u1: 1, u2: 0 } }]]) },
      branch: 'next',
      becomes: { ownerId: 'u2' },
      changes: ['contacts', 'rotations']
    }
  ]
});
