import { DAY, HOUR, MINUTE, SECOND, type Instant } from '$lib/core/instants';
import type { Wire } from '../network';
import type { Random } from '../random';
import type { Simulation } from '../simulation';
import { KeyMemory } from './key-memory';
import type { Outside } from './outside';
import type { Said } from './said';

/** A line of the event report. It shows up `reportedAt`. */
export interface Reported {
  readonly event: string;
  readonly at: Instant;
  readonly reportedAt: Instant;
  readonly messageId: string;
  readonly email: string;
  readonly subject: string;
  readonly tag: string;
}

interface Message {
  readonly to: readonly { readonly email: string }[];
  readonly subject: string;
}

/** Brevo remembers a key for 15 minutes by its changelog, for 30 by its guide: it keeps to the shorter one. */
const KEY_MINUTES = 15;

/**
 * Brevo's `POST /v3/smtp/email` (also for later, and several at once) and `DELETE /v3/smtp/email/{batchId}`, `POST /v3/transactionalSMS/send`, `GET /v3/smtp/emails` and `GET /v3/smtp/statistics/events`, with
 * readers who open and click.
 */
export class Brevo {
  readonly report: Reported[] = [];
  private readonly keys: KeyMemory;

  constructor(
    private readonly simulation: Simulation,
    private readonly outside: Outside,
    private readonly random: Random
  ) {
    this.keys = new KeyMemory(simulation, KEY_MINUTES);
  }

  answer(wire: Wire): Said {
    if (wire.method === 'DELETE') {
      const isThere = this.outside.cancel(wire.url.pathname.slice('/v3/smtp/email/'.length));
      return isThere
        ? { status: 204, body: '' }
        : { status: 404, body: { code: 'document_not_found', message: 'gone' } };
    }
    switch (wire.url.pathname) {
      case '/v3/smtp/email':
        return this.email(wire);
      case '/v3/transactionalSMS/send':
        return { status: 201, body: { messageId: this.outside.accept(wire, 'sms').messageId } };
      case '/v3/smtp/emails':
        return this.emails(wire.url.searchParams);
      case '/v3/smtp/statistics/events':
        return this.events(wire.url.searchParams);
      default:
        return { status: 404, body: { message: 'Not found' } };
    }
  }

  private email(wire: Wire): Said {
    const asked = JSON.parse(wire.body) as Message & {
      tags?: string[];
      headers: { idempotencyKey: string };
      scheduledAt?: string;
      batchId?: string;
      messageVersions?: Message[];
    };
    const { tags, headers, scheduledAt, batchId, messageVersions = [asked] } = asked;
    const key = headers.idempotencyKey;
    if (this.keys.recall(key) !== null)
      return { status: 400, body: { code: 'duplicate_parameter', message: 'idempotencyKey was used already' } };
    const read = (messageId: string, { to, subject }: Message = asked): void =>
      this.read({ messageId, email: to[0]?.email ?? '', subject, tag: tags?.[0] ?? '' });
    if (scheduledAt !== undefined) {
      const messageId = this.outside.schedule(wire, 'email', batchId ?? '', Date.parse(scheduledAt), read);
      this.keys.remember(key, messageId);
      return { status: 202, body: { messageId } };
    }
    const messageIds = messageVersions.map((version, place) => {
      const { messageId } = this.outside.accept(wire, 'email', place);
      read(messageId, version);
      return messageId;
    });
    this.keys.remember(key, messageIds.join());
    return { status: 201, body: asked.messageVersions ? { messageIds } : { messageId: messageIds[0] } };
  }

  /** What the reader does with it, and when the report says so: mostly within seconds, sometimes hours later, not in that order. */
  private read(message: Pick<Reported, 'messageId' | 'email' | 'subject' | 'tag'>): void {
    const { now } = this.simulation;
    const happens = (event: string, at: Instant): void => {
      const late = this.random.chance(0.7) ? this.random.between(0, 50 * SECOND) : this.random.between(0, 3 * DAY);
      this.report.push({ ...message, event, at, reportedAt: at + late });
    };
    happens('requests', now);
    if (this.random.chance(0.05)) return happens(this.random.pick(['hardBounces', 'softBounces']), now + MINUTE);
    happens('delivered', now + this.random.between(SECOND, MINUTE));
    if (!this.random.chance(0.6)) return;
    const opened = now + this.random.pick([20 * SECOND, 10 * MINUTE, 5 * HOUR, 2 * DAY, 6 * DAY]);
    happens(this.random.chance(0.1) ? 'loadedByProxy' : 'opened', opened);
    if (this.random.chance(0.4)) happens('clicks', opened + 30 * SECOND);
    if (this.random.chance(0.1)) happens('unsubscribed', opened + MINUTE);
  }

  /** What was sent to somebody: shown a while after it was taken. */
  private emails(query: URLSearchParams): Said {
    const [from, to, email] = [query.get('startDate') ?? '', query.get('endDate') ?? '\uffff', query.get('email')];
    const transactionalEmails = this.report
      .filter((line) => line.event === 'requests' && line.email === email && line.reportedAt <= this.simulation.now)
      .filter((line) => dateOf(line.at) >= from && dateOf(line.at) <= to)
      .sort((one, other) => other.at - one.at)
      .map(({ at, messageId, subject }) => ({ date: new Date(at).toISOString(), messageId, subject, email }));
    return { status: 200, body: { count: transactionalEmails.length, transactionalEmails } };
  }

  private events(query: URLSearchParams): Said {
    const { now } = this.simulation;
    const [from, to] = [query.get('startDate') ?? '', query.get('endDate') ?? '\uffff'];
    const [email, event] = [query.get('email'), query.get('event')];
    const offset = Number(query.get('offset') ?? 0);
    const found = this.report
      .filter((line) => line.reportedAt <= now && line.at <= now)
      .filter((line) => (email === null || line.email === email) && (event === null || line.event === event))
      .filter((line) => dateOf(line.at) >= from && dateOf(line.at) <= to)
      .sort((one, other) => one.at - other.at);
    if (query.get('sort') === 'desc') found.reverse();
    const events = found.slice(offset, offset + Number(query.get('limit') ?? 2_500)).map((line) => ({
      event: line.event,
      date: new Date(line.at).toISOString(),
      email: line.email,
      messageId: line.messageId,
      subject: line.subject,
      tag: line.tag,
      ...(line.event === 'clicks' ? { link: 'https://atelier.fr/offre' } : {})
    }));
    return { status: 200, body: events.length === 0 ? {} : { events } };
  }
}

function dateOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
