import { defineTrigger } from '$lib/core/definitions';
import { voucherExpired } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays, is } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

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
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.loyalty.voucher_expired.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      code: is('MERCI-10'),
      voucherId: is('v1')
    })
  ]
});
