import { update } from '$lib/core/changes';
import { MINUTE, type Instant } from '$lib/core/instants';
import type { Id } from '$lib/core/ids';
import { RELAY_VERSION } from '$lib/core/inbox';
import type { PublishedForm, PublishedSite } from '$lib/core/pages';
import type { Account, OutboxRow, Publication } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { pageLookOf } from '$lib/messages/page-look';
import { baseOf } from '$lib/providers/exchange';
import { publishedForm } from '$lib/records/forms';
import { helloOf, relayAt } from '$lib/sources/relay';
import { freed } from './freeing';
import type { Parts, Transact } from './parts';
import { fieldsWithSecrets } from './secrets';
import { serviceAt } from './services';
import { relayIn } from './through-relay';

/** How long after a failure it is tried again. */
const AGAIN = MINUTE;

/**
 * Publishes the public pages on the user's relay, and again whenever what they are made of changes. It goes on beside the rest: what it
 * waits for is only the network.
 */
export class Publishing {
  private running: Promise<void> | null = null;
  /** As long as the small tables stay the same, so do the pages. */
  private seen: WorkspaceView | null = null;
  /** Which version the relay has that was asked last. */
  private asked: { readonly url: string; readonly version: Result<number> } | null = null;
  /** What could not be published, and when it is tried again. */
  private failed: { readonly what: string; readonly retryAt: Instant } | null = null;

  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact
  ) {}

  /** When what has failed is tried again. */
  nextDue(): Instant {
    return this.failed?.retryAt ?? Infinity;
  }

  /** Resolves when all is published, or something is not. */
  run(): Promise<void> {
    return (this.running ??= this.publish().finally(() => (this.running = null)));
  }

  private async publish(): Promise<void> {
    const view = await this.parts.storage.read((reader) => reader.view());
    const account = relayIn(view);
    const isRetry = this.parts.now() >= this.nextDue();
    if (account === null || (view === this.seen && !isRetry) || !this.parts.isOnline()) return;
    this.seen = view;
    const place = await this.placeOf(account);
    if (place === 'locked') this.tryAgainLater('locked');
    if (place === 'locked' || place === 'unprepared') return;
    const { pages, unpublished } = account;
    const url = baseOf(place.url);
    const known = pages?.url === url ? pages : { url, site: '', forms: {} };
    const isSure = known.version === RELAY_VERSION;
    const version = isSure ? null : await this.versionAt(url, place, isRetry || !unpublished);
    const isNew = version?.ok === true && version.value === RELAY_VERSION;
    const told = isNew ? allAnew(known) : known;
    const tasks = await tasksOf(told, wantedOf(view, place.key, this.parts.pageTexts));
    if (isSure && tasks.length === 0 && !unpublished) return;
    const what = [url, String(isSure || isNew), ...tasks.map(({ path, digest }) => `${path} ${digest ?? ''}`)].join(
      ' '
    );
    // Whoever takes the problem away asks for another try at once.
    if (this.failed?.what === what && unpublished && !isRetry) return;
    const { done, problem: failure } = await this.carryOut(tasks, told, place);
    const problem = failure ?? problemOf(version);
    if (problem === null) this.failed = null;
    else this.tryAgainLater(what);
    const failingSince = unpublished?.failingSince ?? this.parts.now();
    await this.note(account.id, {
      ...(done.site === '' ? {} : { pages: done }),
      unpublished: problem === null ? undefined : { problem, failingSince }
    });
  }

  /** Asked once, and again where it may be another one by now. */
  private async versionAt(url: string, place: Place, isAnotherTry: boolean): Promise<Result<number>> {
    if (this.asked?.url === url && !isAnotherTry) return this.asked.version;
    const hello = await helloOf(place, this.parts.fetch);
    const version = hello.ok ? ok(hello.value.version) : hello;
    this.asked = { url, version };
    return version;
  }

  /** One after the other, up to the first that fails. */
  private async carryOut(tasks: readonly Task[], told: Publication, place: Place) {
    const relay = relayAt(place, this.parts.fetch);
    let done = told;
    for (const { method, path, content, after } of tasks) {
      const answer = await relay(method, path, content);
      if (!answer.ok) return { done, problem: answer.reason };
      done = after(done);
    }
    return { done, problem: null };
  }

  private tryAgainLater(what: string): void {
    this.failed = { what, retryAt: this.parts.now() + AGAIN };
  }

  /** Where and with what; `unprepared` where the relay was connected before it had pages, or is being connected. */
  private async placeOf(account: Account): Promise<Place | 'locked' | 'unprepared'> {
    const service = serviceAt('relay', this.parts);
    if (!service || typeof account.fields.pagesKey !== 'string') return 'unprepared';
    const opened = await fieldsWithSecrets(service.fields, account.fields, this.parts.openSecret);
    const { url, secret, pagesKey } = opened as unknown as {
      url: string;
      secret: string | null;
      pagesKey: string | null;
    };
    return secret === null || pagesKey === null ? 'locked' : { url, secret, key: pagesKey };
  }

  private async note(id: string, now: Pick<Account, 'pages' | 'unpublished'>): Promise<void> {
    await this.transact(async (transaction) => {
      if (!(await transaction.get('accounts', id))) return;
      // What leads to a page that was not there yet may leave.
      const isMeant = ({ reason }: OutboxRow): boolean => reason?.key === 'words.outbox.no_pages';
      const waiting = now.pages ? await freed(transaction, this.parts.now(), isMeant) : [];
      await transaction.apply([update('accounts', id, now), ...waiting]);
    });
  }
}

/** Of what is known to stand on a relay, nothing is known to be as it should. */
function allAnew({ url, forms }: Publication): Publication {
  return { url, site: '', forms: Object.fromEntries(Object.keys(forms).map((id) => [id, ''])), version: RELAY_VERSION };
}

/** An older one goes on showing what it can. */
function problemOf(version: Result<number> | null): Words | null {
  if (version === null) return null;
  if (!version.ok) return version.reason;
  return version.value === RELAY_VERSION ? null : words('words.relay.other_version');
}

interface Place {
  readonly url: string;
  readonly secret: string;
  readonly key: string;
}

interface Wanted {
  readonly site: PublishedSite;
  readonly forms: ReadonlyMap<Id, PublishedForm>;
}

/** A call that brings the relay nearer to what is wanted, and what stands there after it. */
interface Task {
  readonly method: 'PUT' | 'DELETE';
  readonly path: string;
  readonly content?: object;
  readonly digest?: string;
  readonly after: (told: Publication) => Publication;
}

function wantedOf(view: WorkspaceView, key: string, texts: Parts['pageTexts']): Wanted {
  const site = siteOf(view, key, texts);
  const shown = [...view.forms.values()].filter(({ isPublic }) => isPublic === true);
  const textsOfForms = site.texts[site.language].form;
  return {
    site,
    forms: new Map(shown.map((form) => [form.id, publishedForm(form, view.attributes, site.language, textsOfForms)]))
  };
}

/** What all share comes first: no form is shown without it. */
async function tasksOf(told: Publication, { site, forms }: Wanted): Promise<Task[]> {
  const tasks: Task[] = [];
  const digest = await digestOf(site);
  if (told.site !== digest)
    tasks.push({ method: 'PUT', path: '/pages', content: site, digest, after: (now) => ({ ...now, site: digest }) });
  for (const [id, form] of forms) {
    const own = await digestOf(form);
    if (told.forms[id] === own) continue;
    const after = (now: Publication): Publication => ({ ...now, forms: { ...now.forms, [id]: own } });
    tasks.push({ method: 'PUT', path: `/forms/${id}`, content: form, digest: own, after });
  }
  for (const id of Object.keys(told.forms)) {
    if (forms.has(id)) continue;
    const after = ({ forms: { [id]: _gone, ...others }, ...now }: Publication): Publication => ({
      ...now,
      forms: others
    });
    tasks.push({ method: 'DELETE', path: `/forms/${id}`, after });
  }
  return tasks;
}

function siteOf(view: WorkspaceView, key: string, texts: Parts['pageTexts']): PublishedSite {
  return {
    key,
    language: view.settings.get('workspace')?.language ?? 'fr',
    look: pageLookOf(view),
    texts: { fr: texts('fr'), en: texts('en') }
  };
}

async function digestOf(content: object): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(content)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
