import { daysMeant, yearsAt } from '$lib/core/anniversaries';
import { dateOf } from '$lib/core/calendar';
import { defineTrigger, type DailyCheck } from '$lib/core/definitions';
import { contactAnniversary } from '$lib/core/events/contacts';
import { choice, clock, duration, reference, timeZone, type ValuesOf } from '$lib/core/fields';
import type { FilterTree } from '$lib/core/filter-tree';
import { LEAP_DAYS } from '$lib/core/recurrence';
import type { WorkspaceView } from '$lib/core/tables';
import { durationWords, words } from '$lib/core/words';
import { isOfThisCheck } from '../../daily';

const anniversaryFields = {
  attributeId: reference('attributes', { required: true, attributeKind: 'date' }),
  when: choice(['on', 'before', 'after'], 'on'),
  /** Counts before and after alone. */
  offset: duration({ amount: 7, unit: 'days' }),
  time: clock(),
  timeZone: timeZone(),
  /** Once: on the exact date, for renewals and events. */
  repeats: choice(['yearly', 'once'], 'yearly'),
  leapDay: choice(LEAP_DAYS, 'february_28')
};
type AnniversaryFields = ValuesOf<typeof anniversaryFields>;

export default defineTrigger({
  id: 'contact.anniversary',
  group: 'contacts',
  icon: 'cake',
  version: 1,
  fields: anniversaryFields,
  event: contactAnniversary,
  daily: ({ fields, view }) => checkOf(fields, view),
  already: () => null,
  check: ({ fields, view }) => {
    const { when, offset } = fields;
    if (view.attributes.get(fields.attributeId ?? '')?.kind !== 'date')
      return [{ field: 'attributeId', words: words('words.problem.not_a_date') }];
    return when !== 'on' && (offset.unit === 'minutes' || offset.unit === 'hours')
      ? [{ field: 'offset', words: words('words.problem.days_at_least') }]
      : [];
  },
  admits: (args) => isOfThisCheck(args) && !args.properties.skipped,
  sentence: ({ fields, view }) => {
    const attribute = view.attributes.get(fields.attributeId ?? '')?.name;
    if (attribute === undefined) return null;
    return words(`catalogue.contact.anniversary.sentence_${fields.when}`, {
      attribute,
      time: fields.time,
      offset: durationWords(fields.offset)
    });
  },
  examples: [
    { fields: { attributeId: 'SEEN' }, properties: { automationId: 'a1', nodeId: 't1' }, enters: true },
    { fields: { attributeId: 'SEEN' }, properties: { automationId: 'a1', nodeId: 't1', skipped: true }, enters: false },
    { fields: { attributeId: 'SEEN' }, properties: { automationId: 'a2', nodeId: 't1' }, enters: false }
  ]
});

/**
 * The day itself counts where it lies ahead of the contact (an appointment), and not where it was there before (the day of sign-up):
 * nobody celebrates the anniversary of today.
 */
function checkOf(fields: AnniversaryFields, view: WorkspaceView): DailyCheck {
  const attributeId = fields.attributeId ?? '';
  const zone = fields.timeZone === '' ? (view.settings.get('workspace')?.timeZone ?? 'UTC') : fields.timeZone;
  const known: FilterTree = { subject: { of: 'attribute', attributeId }, kind: 'date', operator: 'isKnown' };
  return {
    time: fields.time,
    timeZone: fields.timeZone === '' ? null : fields.timeZone,
    finds: 'each',
    missed: 'every',
    among: known,
    needs: () => ({}),
    look: (date) => {
      const days = daysMeant(date, fields);
      return (contact) => {
        const value = contact.attributes[attributeId];
        if (typeof value !== 'string' || value === '') return null;
        for (const day of days) {
          const years = fields.repeats === 'once' ? (value === day ? 0 : null) : yearsAt(value, day, fields.leapDay);
          const isTold = years === 0 && fields.repeats === 'yearly' && value <= dateOf(contact.createdAt, zone);
          if (years !== null && !isTold) return { attributeId, date: day, occurrence: years, skipped: false };
        }
        return null;
      };
    }
  };
}
