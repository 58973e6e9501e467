import * as v from 'valibot';
import type { IncomingFact } from '$lib/core/sources';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { factsOfJson, optionalText } from './payload';

const envelope = v.looseObject({ Type: optionalText, Message: optionalText, SubscribeURL: optionalText });

/**
 * The facts of what a topic has sent on: Amazon SNS ('HTTP/HTTPS notification JSON format'), and Scaleway's Topics and Events, which speak
 * alike. With raw delivery there is no envelope. A topic first asks whether its posts are wanted, by an address that somebody has to open:
 * that waits in the quarantine, with the address as the reason.
 */
export function factsOfNotification<S extends v.GenericSchema>(
  body: string,
  schema: S,
  facts: (message: v.InferOutput<S>) => Result<readonly IncomingFact[]>
): Result<readonly IncomingFact[]> {
  return factsOfJson(body, envelope, ({ Type, Message, SubscribeURL }) => {
    switch (Type) {
      case 'SubscriptionConfirmation':
        return failed(words('words.inbox.confirm_subscription', { url: SubscribeURL ?? '' }));
      case 'UnsubscribeConfirmation':
        return ok([]);
      default:
        return factsOfJson(Message ?? body, schema, facts);
    }
  });
}
