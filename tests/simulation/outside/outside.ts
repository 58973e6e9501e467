import type { Instant } from '$lib/core/instants';
import type { Wire } from '../network';
import type { Random } from '../random';
import type { Simulation } from '../simulation';
import type { Tab } from '../tab';
import { Brevo } from './brevo';
import { KeyMemory } from './key-memory';
import type { Said } from './said';
import { Twilio } from './twilio';

/** A call that a provider has taken: a message that somebody gets. */
export interface Acceptance {
  readonly rowId: string;
  readonly at: Instant;
  readonly messageId: string;
  readonly channel: string;
}

/** A message that a provider lets leave later, unless it is taken back before. */
interface Scheduled extends Omit<Acceptance, 'at'> {
  readonly key: string;
  readonly leavesAt: Instant;
  readonly leaves: () => void;
}

/** Hosts of the simulated world. */
export const HOSTS = {
  brevo: 'http://brevo.test',
  twilio: 'http://twilio.test',
  onesignal: 'http://onesignal.test',
  wallet: 'http://wallet.test',
  hook: 'http://hook.test'
} as const;

/** The providers, each by its documented behaviour, and what they have accepted: the truth about what was sent. */
export class Outside {
  readonly acceptances: Acceptance[] = [];
  private scheduled: Scheduled[] = [];
  /** Requests that ask for something to be sent, at the moment at which they leave a tab. */
  readonly leavings: ((tab: Tab, wire: Wire) => void)[] = [];
  readonly brevo: Brevo;
  private readonly twilio: Twilio;
  private readonly onesignal: KeyMemory;
  private made = 0;

  constructor(
    private readonly simulation: Simulation,
    random: Random
  ) {
    this.brevo = new Brevo(simulation, this, random);
    this.twilio = new Twilio(simulation, this);
    this.onesignal = new KeyMemory(simulation, 30 * 24 * 60);
  }

  leaving(tab: Tab, wire: Wire): void {
    if (wire.rowIds.length > 0 && wire.method !== 'DELETE' && !wire.url.pathname.endsWith('/statistics/events'))
      for (const leaving of this.leavings) leaving(tab, wire);
  }

  /** `place`: of the message among those of the call. */
  accept(wire: Wire, channel: string, place = 0): Acceptance {
    const acceptance = {
      rowId: wire.rowIds[place] ?? 'none',
      at: this.simulation.now,
      messageId: `<${++this.made}@${wire.url.host}>`,
      channel
    };
    this.acceptances.push(acceptance);
    this.simulation.scheduler.tell(null, `ACCEPTED ${acceptance.rowId}`);
    return acceptance;
  }

  /** Takes a message that leaves at its time, and then `leaves`; returns its id. */
  schedule(wire: Wire, channel: string, key: string, leavesAt: Instant, leaves: (messageId: string) => void): string {
    const messageId = `<${++this.made}@${wire.url.host}>`;
    const rowId = wire.rowIds[0] ?? 'none';
    this.scheduled.push({ rowId, messageId, channel, key, leavesAt, leaves: () => leaves(messageId) });
    this.simulation.scheduler.tell(null, `SCHEDULED ${rowId} for ${leavesAt}`);
    return messageId;
  }

  /** Whether there was something to be taken back. */
  cancel(key: string): boolean {
    const found = this.scheduled.find((one) => one.key === key);
    this.scheduled = this.scheduled.filter((one) => one !== found);
    if (found) this.simulation.scheduler.tell(null, `TAKEN BACK ${found.rowId}`);
    return found !== undefined;
  }

  /** What is scheduled for now or before leaves. */
  letLeave(): void {
    const { now } = this.simulation;
    const due = this.scheduled.filter(({ leavesAt }) => leavesAt <= now);
    this.scheduled = this.scheduled.filter((one) => !due.includes(one));
    for (const { rowId, messageId, channel, leavesAt, leaves } of due) {
      this.acceptances.push({ rowId, messageId, channel, at: leavesAt });
      this.simulation.scheduler.tell(null, `LEFT ${rowId}`);
      leaves();
    }
  }

  /** Whether the provider knows a call that it gets again. */
  hasKey({ url }: Wire): boolean {
    return url.pathname === '/v3/smtp/email' || url.origin === HOSTS.onesignal;
  }

  answer(wire: Wire): Said {
    this.letLeave();
    switch (wire.url.origin) {
      case HOSTS.brevo:
        return this.brevo.answer(wire);
      case HOSTS.twilio:
        return this.twilio.answer(wire);
      case HOSTS.onesignal:
        return this.push(wire);
      case HOSTS.wallet:
        return { status: 200, body: { success: true, id: this.accept(wire, 'wallet').messageId } };
      default:
        this.accept(wire, 'webhook');
        return { status: 200, body: { user: { plan: 'pro', city: 'Lyon' } } };
    }
  }

  /** OneSignal: the key is remembered for 30 days, and answered with the same message. */
  private push(wire: Wire): Said {
    const { idempotency_key: key = '' } = JSON.parse(wire.body) as { idempotency_key?: string };
    const known = this.onesignal.recall(key);
    const id = known ?? this.accept(wire, 'push').messageId;
    this.onesignal.remember(key, id);
    return { status: 200, body: { id } };
  }
}
