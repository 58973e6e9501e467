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
    if (wire.rowId !== null && !wire.url.pathname.endsWith('/statistics/events'))
      for (const leaving of this.leavings) leaving(tab, wire);
  }

  accept(wire: Wire, channel: string): Acceptance {
    const acceptance = {
      rowId: wire.rowId ?? 'none',
      at: this.simulation.now,
      messageId: `<${++this.made}@${wire.url.host}>`,
      channel
    };
    this.acceptances.push(acceptance);
    this.simulation.scheduler.tell(null, `ACCEPTED ${acceptance.rowId}`);
    return acceptance;
  }

  /** Whether the provider knows a call that it gets again. */
  hasKey({ url }: Wire): boolean {
    return url.pathname === '/v3/smtp/email' || url.origin === HOSTS.onesignal;
  }

  answer(wire: Wire): Said {
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
