import { engine } from '$lib/app/engine';
import { freeName } from '$lib/core/names';
import type { Result } from '$lib/core/result';
import type { Account, Limit } from '$lib/core/rows/messages';
import type { Words } from '$lib/core/words';
import { hasWords, words } from '$lib/i18n';
import { initialValues, refusalsIn, type TypedFields } from '../fields/typed-fields';
import { orSayBug } from '../shared/outcome';

type Accounts = ReturnType<typeof engine>['accounts'];
type AccountDraft = Parameters<Accounts['save']>[0];
export type AccountKind = Awaited<ReturnType<Accounts['kinds']>>[number];

/** What helps a test that did not pass, where it can be offered beside the answer. */
type Way = 'use_relay' | 'connect_relay';
const WAYS: ReadonlyMap<string, Way> = new Map([
  ['words.provider.use_relay', 'use_relay'],
  ['words.provider.connect_relay', 'connect_relay']
]);

/** Whether a new account may be connected: providers that refuse calls from pages are reached through the user's relay alone. */
export function isOffered({ refusesBrowsers }: AccountKind, hasRelay: boolean): boolean {
  return hasRelay || !refusesBrowsers;
}

/** A provider account as it is being typed. Secrets that are kept are never shown: an empty one stays as it is. */
export class AccountForm implements TypedFields {
  readonly kind: AccountKind;
  readonly account: Account | null;
  name = $state('');
  values = $state<Record<string, unknown>>({});
  throughRelay = $state(false);
  /** At most so many calls; null: as many as the provider takes. */
  limitCalls = $state<number | null>(null);
  /** What is typed there is no number of calls. */
  isLimitWrong = $state(false);
  limitPer = $state<Limit['per']>('day');
  fallbackId = $state<string | null>(null);
  secrets = $state<Record<string, string>>({});
  errors = $state<Record<string, string>>({});
  /** What the provider said to the last test. */
  answer = $state<{ isGood: boolean; text: string; way?: Way } | null>(null);
  busy = $state<'testing' | 'saving' | null>(null);

  /** `secrets`: what is proposed for those that are not kept yet. `taken`: names of the accounts that it has to be told from. */
  constructor(
    kind: AccountKind,
    account: Account | null,
    { secrets = {}, taken = [] }: { secrets?: Readonly<Record<string, string>>; taken?: readonly string[] } = {}
  ) {
    this.kind = kind;
    this.account = account;
    this.name = account?.name ?? freeName(kind.name, (name) => taken.includes(name));
    this.throughRelay = account ? account.throughRelay === true : kind.refusesBrowsers;
    this.limitCalls = account?.limit?.calls ?? null;
    this.limitPer = account?.limit?.per ?? 'day';
    this.fallbackId = account?.fallbackId ?? null;
    if (account === null) this.secrets = { ...secrets };
    for (const [name, initial] of Object.entries(initialValues(kind.fields)))
      this.values[name] = account?.fields[name] ?? initial;
  }

  get fields(): AccountKind['fields'] {
    return this.kind.fields;
  }

  /** The provider's own words of it, or those that many share. */
  wordsOf(name: string, part: 'label' | 'help', option?: string): string | undefined {
    const { id } = this.kind;
    const keys =
      option === undefined
        ? [`providers.${id}.fields.${name}.${part}`, `providers.fields.${name}.${part}`]
        : [`providers.${id}.fields.${name}.options.${option}`];
    const key = keys.find(hasWords);
    return key === undefined ? undefined : words({ key });
  }

  /** A secret of this name is kept already. */
  isKept(name: string): boolean {
    return typeof this.account?.fields[name] === 'string';
  }

  async test(): Promise<void> {
    const result = await this.#ask('testing', (draft): Promise<Result<Words>> => engine().accounts.test(draft));
    if (!result) return;
    const said = result.ok ? result.value : result.reason;
    const way = WAYS.get(said.key);
    this.answer = { isGood: result.ok, text: words(said), ...(way ? { way } : {}) };
  }

  /** What a provider that refuses pages needs, tried at once. */
  async testThroughRelay(): Promise<void> {
    this.throughRelay = true;
    await this.test();
  }

  /** The account's id, or null while something is wrong. */
  async save(): Promise<string | null> {
    const result = await this.#ask('saving', (draft): Promise<Result<string>> => engine().accounts.save(draft));
    if (!result) return null;
    if (result.ok) return result.value;
    this.answer = { isGood: false, text: words(result.reason) };
    return null;
  }

  async #ask<T>(busy: 'testing' | 'saving', ask: (draft: AccountDraft) => Promise<T>): Promise<T | null> {
    this.answer = null;
    this.errors = refusalsIn(this);
    if (Object.keys(this.errors).length > 0 || this.isLimitWrong) return null;
    this.busy = busy;
    try {
      return await orSayBug(ask(this.#draft()));
    } finally {
      this.busy = null;
    }
  }

  #draft(): AccountDraft {
    const secretNames = this.kind.fields.filter(({ control }) => control.kind === 'secret').map(({ name }) => name);
    return {
      ...(this.account ? { id: this.account.id } : {}),
      provider: this.kind.id,
      name: this.name.trim() || this.kind.name,
      fields: $state.snapshot(this.values),
      throughRelay: this.throughRelay,
      ...(this.limitCalls === null ? {} : { limit: { calls: this.limitCalls, per: this.limitPer } }),
      ...(this.fallbackId === null ? {} : { fallbackId: this.fallbackId }),
      secrets: Object.fromEntries(secretNames.map((name) => [name, this.secrets[name]?.trim() || null]))
    };
  }
}
