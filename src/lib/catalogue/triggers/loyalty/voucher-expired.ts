import { defineTrigger } from '$lib/core/definitions';
import { voucherExpired } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { anyOf, bothWays, is } from '../../filter-examples';

const event = { programId: 'p1', voucherId: 'v1', code: 'MERCI-10' };

export default defineTrigger({
  id: 'loyalty.voucher_expired',
  group: 'loyalty',
  icon: 'calendar-x',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: voucherExpired.properties.programId,
      code: voucherExpired.properties.code,
      voucherId: voucherExpired.properties.voucherId
    })
  },
  event: voucherExpired,
  sentence: ({ fields }) =>
    words(
      fields.filters === null
        ? 'catalogue.loyalty.voucher_expired.sentence'
        : 'catalogue.loyalty.voucher_expired.sentence_filtered'
    ),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      code: is('MERCI-10'),
      voucherId: is('v1')
    })
  ]
});
