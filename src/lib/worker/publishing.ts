import { update } from '$lib/core/changes';
import { MINUTE, type Instant } from '$lib/core/instants';
import type { PublishedSite } from '$lib/core/pages';
import { PLAIN_BRAND } from '$lib/core/rows/emails';
import type { Account } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { readable } from '$lib/messages/colours';
import { baseOf } from '$lib/providers/exchange';
import { relayAt } from '$lib/sources/relay';
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
    const site = siteOf(view, place.key, this.parts.pageTexts);
    const digest = await digestOf(site);
    const url = baseOf(place.url);
    const { pages, unpublished } = account;
    if (pages?.url === url && pages.site === digest && !unpublished) return;
    const what = `${url} ${digest}`;
    // Whoever takes the problem away asks for another try at once.
    if (this.failed?.what === what && unpublished && !isRetry) return;
    const told = await relayAt(place, this.parts.fetch)('PUT', '/pages', site);
    if (told.ok) {
      this.failed = null;
      await this.note(account.id, { pages: { url, site: digest }, unpublished: undefined });
    } else {
      this.tryAgainLater(what);
      const failingSince = unpublished?.failingSince ?? this.parts.now();
      await this.note(account.id, { unpublished: { problem: told.reason, failingSince } });
    }
  }

  private tryAgainLater(what: string): void {
    this.failed = { what, retryAt: this.parts.now() + AGAIN };
  }

  /** Where and with what; `unprepared` where the relay was connected before it had pages, or is being connected. */
  private async placeOf(account: Account) {
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
      if (await transaction.get('accounts', id)) await transaction.apply([update('accounts', id, now)]);
    });
  }
}

function siteOf({ settings }: WorkspaceView, key: string, texts: Parts['pageTexts']): PublishedSite {
  const workspace = settings.get('workspace');
  const { name, accent, text, background, surface } = workspace?.brand ?? PLAIN_BRAND;
  return {
    key,
    language: workspace?.language ?? 'fr',
    look: {
      name: (name.trim() || (workspace?.name ?? '')).slice(0, 300),
      accent,
      onAccent: readable('#ffffff', accent),
      text: readable(text, surface),
      background,
      surface
    },
    texts: { fr: texts('fr'), en: texts('en') }
  };
}

async function digestOf(content: object): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(content)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
