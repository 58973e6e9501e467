import { customEvent } from '$lib/core/events/custom';
import { mapPost } from '$lib/core/generic-mapping';
import { failed, ok } from '$lib/core/result';
import { defineMapper } from '$lib/core/sources';
import { words } from '$lib/core/words';

/** Any JSON, by a mapping that the user made for its source. Until there is one, what comes waits in the quarantine. */
export default defineMapper({
  kind: 'generic',
  name: 'Webhook',
  delivers: [customEvent.type],
  documentation: '',
  signs: false,
  facts: ({ body, receivedAt }, mapping) => {
    if (!mapping) return failed(words('words.mapping.none'));
    const mapped = mapPost(mapping, body, receivedAt);
    return mapped.ok ? ok([mapped.value]) : mapped;
  }
});
