import type { Wire } from '../network';
import type { Simulation } from '../simulation';
import type { Outside } from './outside';
import type { Said } from './said';

interface Message {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  readonly status: string;
  readonly date_created: string;
}

/** Twilio's Messages resource: it knows no keys, and lists what it has sent. */
export class Twilio {
  private readonly messages: Message[] = [];

  constructor(
    private readonly simulation: Simulation,
    private readonly outside: Outside
  ) {}

  answer(wire: Wire): Said {
    if (wire.method === 'GET') {
      const to = wire.url.searchParams.get('To');
      return { status: 200, body: { messages: this.messages.filter((message) => message.to === to) } };
    }
    const asked = new URLSearchParams(wire.body);
    const sid = this.outside.accept(wire, 'sms').messageId;
    const sent = { sid, to: asked.get('To') ?? '', body: asked.get('Body') ?? '', status: 'queued' };
    this.messages.push({ ...sent, date_created: new Date(this.simulation.now).toUTCString() });
    return { status: 201, body: sent };
  }
}
