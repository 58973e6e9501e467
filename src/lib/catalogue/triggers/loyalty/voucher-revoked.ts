import { defineTrigger } from '$lib/core/definitions';
import { voucherRevoked } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays, is } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', voucherId: 'v1', code: 'MERCI-10' };

export default defineTrigger({
  id: 'loyalty.voucher_revoked',
  group: 'loyalty',
  icon: 'ticket-x',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: voucherRevoked.properties.programId,
      code: voucherRevoked.properties.code,
      voucherId: voucherRevoked.properties.voucherId
    })
  },
  event: voucherRevoked,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.loyalty.voucher_revoked.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      code: is('MERCI-10'),
      voucherId: is('v1')
    })
  ]
});
