import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { mappingRefusal, type GenericMapping } from '$lib/core/generic-mapping';
import type { Given, Id } from '$lib/core/ids';
import type { InboxSource } from '$lib/core/inbox';
import { failed, ok, type Result } from '$lib/core/result';
import type { InboxSourceRow, QuarantineRow } from '$lib/core/rows/inbox';
import type { IncomingFact } from '$lib/core/sources';
import { words } from '$lib/core/words';
import { mappers } from '$lib/sources/mappers/registry';
import { toldOf } from '$lib/sources/inbox/told';
import { relayAt } from '$lib/sources/relay';
import type { Transaction } from '$lib/storage/port';
import type { WorkerApi } from '../api';
import { consequences } from '../consequences';
import { NO_EFFECT, type Desk } from '../desk';
import { takenIn } from '../facts';
import { mappingsOf, posterOf } from '../mappings';
import { fieldsWithSecrets } from '../secrets';
import { serviceAt } from '../services';
import { relayIn } from '../through-relay';
import { handedIn } from '../submissions';
import { kindOf, type Seal } from './accounts';

/** Services that are inboxes, beside the relay. */
const OTHER_INBOXES = ['couchdb', 'supabase'];

/** Edits of who may post to the inbox, which the relay is told first, and of what could not be understood. */
export function inboxEdits(desk: Desk, seal: Seal, newAddress: () => string): WorkerApi['inbox'] {
  const { parts } = desk;

  /** The first relay of this workspace. */
  async function relay(): Promise<Result<ReturnType<typeof relayAt>>> {
    const account = relayIn(await parts.storage.read((reader) => reader.view()));
    if (!account) return failed(words('words.relay.none'));
    const fields = await fieldsWithSecrets(serviceAt('relay', parts)?.fields ?? {}, account.fields, parts.openSecret);
    return ok(relayAt(fields as unknown as { url: string; secret: string | null }, parts.fetch));
  }

  async function tellRelay(row: Pick<InboxSourceRow, 'id' | 'kind'>, secret: string): Promise<Result<unknown>> {
    const found = await relay();
    const source: InboxSource = { kind: row.kind, secret };
    return found.ok ? found.value('PUT', `/sources/${row.id}`, source) : found;
  }

  /** From now on the relay's pages can be signed, and all of them are published once more. */
  async function preparePages(): Promise<Result<void>> {
    const sealed = await seal(newAddress());
    if (!sealed.ok) return sealed;
    return desk.tryEdit(async (transaction) => {
      const account = relayIn(await transaction.view());
      if (!account) return failed(words('words.relay.none'));
      const changes: Change[] = [];
      if (typeof account.fields.pagesKey !== 'string')
        changes.push(
          create('secrets', sealed.value.id, sealed.value),
          update('accounts', account.id, { 'fields.pagesKey': sealed.value.id })
        );
      if (account.pages) changes.push(update('accounts', account.id, { 'pages.site': '', 'pages.forms': {} }));
      if (account.unpublished) changes.push(update('accounts', account.id, { unpublished: undefined }));
      return ok({ effect: { changes, events: [] }, value: undefined });
    });
  }

  return {
    relayKind: () => {
      const service = serviceAt('relay', parts);
      if (!service) return Promise.resolve(null);
      const kind = kindOf(service, null);
      return Promise.resolve({ ...kind, fields: kind.fields.filter(({ name }) => name !== 'pagesKey') });
    },
    otherKinds: () =>
      Promise.resolve(
        OTHER_INBOXES.flatMap((id) => {
          const service = serviceAt(id, parts);
          return service ? kindOf(service, null) : [];
        })
      ),
    kinds: () =>
      Promise.resolve(
        [...mappers.values()].map(({ kind, name, documentation, signs }) => ({ kind, name, documentation, signs }))
      ),
    add: async ({ kind, name, secret }) => {
      const plain = secret.trim();
      if (name.trim() === '') return failed(words('words.name.empty'));
      if (mappers.get(kind)?.signs !== false && plain === '') return failed(words('words.inbox.secret_missing'));
      const sealed = plain === '' ? null : await seal(plain);
      if (sealed?.ok === false) return sealed;
      const id = newAddress();
      const told = await tellRelay({ id, kind }, plain);
      if (!told.ok) return told;
      return desk.tryEdit((_, { now }) => {
        const row: InboxSourceRow = {
          id,
          kind,
          name: name.trim(),
          ...(sealed === null ? {} : { secretId: sealed.value.id }),
          createdAt: now
        };
        const kept = sealed === null ? [] : [create('secrets', sealed.value.id, sealed.value)];
        return Promise.resolve(
          ok({ effect: { changes: [...kept, create('inboxSources', id, row)], events: [] }, value: id })
        );
      });
    },
    setDomains: async (id, typed) =>
      desk.tryEdit(async (transaction) => {
        const read = readDomains(typed);
        if (!read.ok) return read;
        if (!(await transaction.get('inboxSources', id))) return failed(words('words.inbox.source_gone'));
        const changes = [update('inboxSources', id, { domains: read.value })];
        return ok({ effect: { changes, events: [] }, value: read.value });
      }),
    tellAgain: async () => {
      const prepared = await preparePages();
      if (!prepared.ok) return prepared;
      const rows = await parts.storage.read((reader) => reader.query('inboxSources', {}));
      for (const row of rows.filter(({ accountId }) => accountId === undefined)) {
        const secret = row.secretId === undefined ? '' : await parts.openSecret(row.secretId);
        const told = secret === null ? failed(words('words.outbox.key_locked')) : await tellRelay(row, secret);
        if (!told.ok) return told;
      }
      return ok(rows.length);
    },
    remove: async (id) => {
      const found = await relay();
      const forgotten = found.ok ? await found.value('DELETE', `/sources/${id}`) : found;
      if (!forgotten.ok) return forgotten;
      return desk.tryEdit(async (transaction) => {
        const row = await transaction.get('inboxSources', id);
        if (!row) return ok({ effect: NO_EFFECT, value: undefined });
        const secret = row.secretId === undefined ? [] : [remove('secrets', row.secretId)];
        return ok({ effect: { changes: [...secret, remove('inboxSources', id)], events: [] }, value: undefined });
      });
    },
    takeIn: async (id, body) =>
      desk.tryEdit(async (transaction, given) => {
        const post = await transaction.get('quarantine', id);
        if (!post) return failed(words('words.inbox.post_gone'));
        const told = toldOf({ ...post, body }, (await mappingsOf(transaction)).get(posterOf(id)));
        if (!told.ok) return told;
        const deed = told.value.handedIn;
        const answered = deed ? await handedIn(transaction, { ...deed, post }, given, parts) : ok(NO_EFFECT);
        if (!answered.ok) return answered;
        const taken = await takenIn(transaction, told.value.facts, post.sourceId, given);
        const events = [...answered.value.events, ...taken.events];
        const changes = [
          remove('quarantine', id),
          ...answered.value.changes,
          ...taken.changes,
          ...(await consequences(transaction, taken.events, given.now, taken.made))
        ];
        return ok({ effect: { changes, events }, value: events.length });
      }),
    setMapping: async (id, mapping) =>
      desk.tryEdit(async (transaction, given) => {
        const refused = mappingRefusal(mapping);
        if (refused) return failed(refused);
        const row = await transaction.get('inboxSources', id);
        const account = (await transaction.view()).accounts.get(id);
        if (!row && !account) return failed(words('words.inbox.source_gone'));
        const waiting = (await transaction.query('quarantine', {})).filter((post) => posterOf(post.id) === id);
        const read = waiting.map((post) => ({ post, facts: toldOf(post, mapping) }));
        const understood = read.flatMap(({ post, facts }) => (facts.ok ? [{ post, facts: facts.value.facts }] : []));
        const taken = await takenOut(
          transaction,
          understood.map(({ post }) => post),
          understood.flatMap(({ facts }) => facts),
          given
        );
        // The rest says what it lacks now.
        const told = read.flatMap(({ post, facts }) =>
          facts.ok ? [] : update('quarantine', post.id, { reason: facts.reason })
        );
        const kept = row
          ? update('inboxSources', id, { mapping })
          : create('inboxSources', id, ofAccount(id, account?.name ?? '', mapping, given));
        const changes = [kept, ...told, ...taken.changes];
        return ok({ effect: { changes, events: taken.events }, value: taken.events.length });
      }),
    discard: async (ids: readonly Id[]) => {
      await desk.edit((_) =>
        Promise.resolve({
          effect: { changes: ids.map((id) => remove('quarantine', id)), events: [] },
          value: undefined
        })
      );
    }
  };
}

/** What is posted to an inbox of its own has one meaning, under the account's id. */
function ofAccount(id: Id, name: string, mapping: GenericMapping, { now }: Given): InboxSourceRow {
  return { id, kind: 'generic', name, mapping, accountId: id, createdAt: now };
}

const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** Domains as people write or paste them, with `https://` and a path maybe. */
function readDomains(typed: string): Result<string[]> {
  const domains: string[] = [];
  for (const part of typed.split(/[\s,;]+/).filter(Boolean)) {
    const address = part.includes('://') ? part : `https://${part}`;
    const host = URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, '') : '';
    if (!HOST.test(host)) return failed(words('words.inbox.no_domain', { text: part.slice(0, 80) }));
    domains.push(host);
  }
  return ok([...new Set(domains)]);
}

/** Posts that are understood after all leave the quarantine as facts. */
async function takenOut(
  transaction: Transaction,
  posts: readonly QuarantineRow[],
  facts: readonly IncomingFact[],
  given: Given
): Promise<Effect> {
  const taken = await takenIn(transaction, facts, posts[0]?.sourceId ?? '', given);
  const { events, made } = taken;
  const changes = [
    ...posts.map(({ id }) => remove('quarantine', id)),
    ...taken.changes,
    ...(await consequences(transaction, events, given.now, made))
  ];
  return { changes, events };
}
