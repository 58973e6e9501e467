import { create } from '$lib/core/changes';
import { MAILBOX_REACTIONS } from '$lib/core/reactions';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';

/** What readers do in the Sandbox's mailbox is kept; its source then yields it as an event, as a provider's would. */
export function mailboxEdits(desk: Desk): WorkerApi['mailbox'] {
  return {
    react: (outboxId, kind, url) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const message = await transaction.get('outbox', outboxId);
        if (
          message?.status !== 'sent' ||
          message.accountId !== null ||
          !(kind in MAILBOX_REACTIONS[message.request.channel])
        )
          return failed(words('words.mailbox.gone'));
        const id = newId();
        const reaction = { id, outboxId, kind, at: now, ...(url === undefined ? {} : { url }) };
        return ok({ effect: { changes: [create('reactions', id, reaction)], events: [] }, value: undefined });
      })
  };
}
