import { defineTrigger } from '$lib/core/definitions';
import { voucherRevoked } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { anyOf, bothWays, is } from '../../filter-examples';

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
  sentence: ({ fields }) =>
    words(
      fields.filters === null
        ? 'catalogue.loyalty.voucher_revoked.sentence'
        : 'catalogue.loyalty.voucher_revoked.sentence_filtered'
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
