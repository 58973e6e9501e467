import { create, remove, update, type Change } from '$lib/core/changes';
import type { ServiceDefinition } from '$lib/core/providers';
import { initialValues } from '$lib/core/fields';
import { failed, ok, type Result } from '$lib/core/result';
import type { Account, Secret } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { AccountDraft, AccountKind } from '../drafts';
import { NO_EFFECT, type Desk } from '../desk';
import { freed } from '../freeing';
import { fieldsWithSecrets } from '../secrets';
import { explained, watched } from '../reaching';
import { serviceAt } from '../services';
import { wayOf, relayIn } from '../through-relay';

/** Encrypts a secret under the key of this workspace; refused while that key is locked. */
export type Seal = (plain: string) => Promise<Result<Secret>>;

export function accountEdits(desk: Desk, seal: Seal): WorkerApi['accounts'] {
  const { providers, openSecret } = desk.parts;
  const serviceOf = (id: string) => serviceAt(id, desk.parts);

  return {
    kinds: () =>
      Promise.resolve(
        [...providers.values()]
          .filter(({ id, channel }) => !id.startsWith('sandbox') && channel !== 'webhook')
          .map((provider) => kindOf(provider, provider.channel, provider.refusesBrowsers))
      ),
    save: async (draft) => {
      const service = serviceOf(draft.provider);
      if (!service) return failed(words('words.account.unknown_provider'));
      if (draft.name.trim() === '') return failed(words('words.name.empty'));
      const sealed = await sealAll(draft, seal);
      if (!sealed.ok) return sealed;
      const ids = Object.fromEntries(Object.entries(sealed.value).map(([name, { id }]) => [name, id]));
      return desk.tryEdit(async (transaction, { now, newId }) => {
        const before = draft.id === undefined ? undefined : await transaction.get('accounts', draft.id);
        const fields = { ...initialValues(service.fields), ...before?.fields, ...draft.fields, ...ids };
        const missing = Object.entries(service.fields).find(
          ([name, { schema }]) => !v.is(schema, fields[name as keyof typeof fields])
        );
        if (missing) return failed(words('words.account.field_missing', { field: missing[0] }));
        const changes: Change[] = Object.values(sealed.value).map((secret) => create('secrets', secret.id, secret));
        for (const name of Object.keys(ids)) {
          const old = before?.fields[name];
          if (typeof old === 'string') changes.push(remove('secrets', old));
        }
        const id = draft.id ?? newId();
        const { accounts } = await transaction.view();
        if (draft.fallbackId !== undefined && !mayStandIn(accounts.get(draft.fallbackId), { ...draft, id }, providers))
          return failed(words('words.account.fallback_unfit'));
        const row: Account = {
          id,
          provider: draft.provider,
          name: draft.name.trim(),
          fields,
          ...(draft.throughRelay ? { throughRelay: true } : {}),
          ...(draft.limit ? { limit: draft.limit } : {}),
          ...(draft.fallbackId === undefined ? {} : { fallbackId: draft.fallbackId }),
          createdAt: before?.createdAt ?? now
        };
        // New settings deserve a new try.
        changes.push(
          before
            ? update('accounts', id, {
                name: row.name,
                fields,
                throughRelay: row.throughRelay,
                limit: row.limit,
                fallbackId: row.fallbackId,
                paused: undefined
              })
            : create('accounts', id, row)
        );
        changes.push(...(await freed(transaction, now, ({ accountId }) => accountId === id)));
        return ok({ effect: { changes, events: [] }, value: id });
      });
    },
    remove: (id) =>
      desk.tryEdit(async (transaction) => {
        const account = await transaction.get('accounts', id);
        if (!account) return failed(words('words.account.gone'));
        const { accounts, senders, smsSenders } = await transaction.view();
        const leans = [...accounts.values()].find(({ fallbackId }) => fallbackId === id);
        if (leans) return failed(words('words.account.used_by_account', { account: leans.name }));
        const used = [...senders.values(), ...smsSenders.values()].find(({ accountId }) => accountId === id);
        if (used) return failed(words('words.account.used_by_sender', { sender: used.name }));
        const isMapped = (await transaction.get('inboxSources', id)) !== undefined;
        const changes: Change[] = [
          remove('accounts', id),
          ...(isMapped ? [remove('inboxSources', id)] : []),
          ...secretIdsOf(account, serviceOf(account.provider)).map((secretId) => remove('secrets', secretId))
        ];
        return ok({ effect: { changes, events: [] }, value: undefined });
      }),
    test: async (draft) => {
      const service = serviceOf(draft.provider);
      if (!service) return failed(words('words.account.unknown_provider'));
      const { kept, relay } = await desk.parts.storage.read(async (reader) => {
        const { accounts } = await reader.view();
        return { kept: accounts.get(draft.id ?? ''), relay: relayIn({ accounts }) };
      });
      // What is no address would lead to this app’s own host, and the key with it.
      const strange = Object.entries(service.fields).find(
        ([name, { control, schema, initial }]) => control.kind === 'url' && !v.is(schema, draft.fields[name] ?? initial)
      );
      if (strange) return failed(words('words.account.field_missing', { field: strange[0] }));
      if (!desk.parts.isOnline()) return failed(words('words.provider.offline'));
      const way = await wayOf(draft, relay, desk.parts);
      if (!way.ok) return way;
      const typed = Object.fromEntries(Object.entries(draft.secrets).filter(([, value]) => value !== null));
      const stored = await fieldsWithSecrets(service.fields, { ...kept?.fields, ...draft.fields }, openSecret);
      const calls = watched(way.value.fetch);
      const tested = await service.test({ fields: { ...stored, ...typed }, fetch: calls.fetch });
      const refusal = way.value.refusal();
      if (refusal !== null) return failed(refusal);
      return draft.throughRelay ? tested : explained(tested, calls, service.name, relay !== null);
    },
    resume: async (id) => {
      await desk.edit(async (transaction, { now }) => {
        const account = await transaction.get('accounts', id);
        if (!account) return { effect: NO_EFFECT, value: undefined };
        const changes = [
          update('accounts', id, { paused: undefined }),
          ...(await freed(transaction, now, ({ accountId }) => accountId === id))
        ];
        return { effect: { changes, events: [] }, value: undefined };
      });
    }
  };
}

/** A service as plain data, for the form of an account at it. */
export function kindOf(
  { id, name, documentation, fields }: ServiceDefinition,
  channel: AccountKind['channel'],
  refusesBrowsers = false
): AccountKind {
  return {
    id,
    name,
    channel,
    documentation,
    refusesBrowsers,
    fields: Object.entries(fields).map(([field, { control, required, initial }]) => ({
      name: field,
      control,
      required,
      initial
    }))
  };
}

/** Another account, which sends the same. */
function mayStandIn(
  other: Account | undefined,
  { id, provider }: Pick<Account, 'id' | 'provider'>,
  providers: Desk['parts']['providers']
): boolean {
  if (!other || other.id === id) return false;
  const channel = providers.get(provider)?.channel;
  return channel !== undefined && providers.get(other.provider)?.channel === channel;
}

async function sealAll({ secrets }: AccountDraft, seal: Seal): Promise<Result<Record<string, Secret>>> {
  const sealed: Record<string, Secret> = {};
  for (const [name, plain] of Object.entries(secrets)) {
    if (plain === null || plain === '') continue;
    const secret = await seal(plain.trim());
    if (!secret.ok) return secret;
    sealed[name] = secret.value;
  }
  return ok(sealed);
}

function secretIdsOf(account: Account, service: ServiceDefinition | undefined): string[] {
  return Object.entries(service?.fields ?? {}).flatMap(([name, { control }]) => {
    const id = account.fields[name];
    return control.kind === 'secret' && typeof id === 'string' ? [id] : [];
  });
}
