import { defineTrigger } from '$lib/core/definitions';
import { voucherCreated } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, before, bothWays, is } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', voucherId: 'v1', code: 'MERCI-10' };

export default defineTrigger({
  id: 'loyalty.voucher_created',
  group: 'loyalty',
  icon: 'ticket',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: voucherCreated.properties.programId,
      code: voucherCreated.properties.code,
      voucherId: voucherCreated.properties.voucherId,
      expiresAt: voucherCreated.properties.expiresAt
    })
  },
  event: voucherCreated,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.loyalty.voucher_created.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      code: is('MERCI-10'),
      voucherId: is('v1'),
      expiresAt: before('2027-06-01')
    })
  ]
});
