import { create, update } from '$lib/core/changes';
import { HOUR, MINUTE } from '$lib/core/instants';
import type { TokenPage } from '$lib/core/pages';
import type { Form } from '$lib/core/rows/forms';
import type { Account } from '$lib/core/rows/messages';
import { START, welcomeWorkspace, World } from './world';

export const URL_OF_RELAY = 'https://relay.example';
/** What the relay is started with, so that it knows the secret of this world. */
export const BINDINGS_OF_RELAY = { SECRET: 'secret of of-relay' };

/** The relay as everybody calls it, and its database. */
interface Relay {
  call(path: string, init?: RequestInit): Promise<Response>;
  sql(sql: string, ...values: (string | number)[]): Promise<unknown[]>;
}

/** An email as Brevo was given it. */
export interface Sent {
  readonly to: readonly { readonly email: string }[];
  readonly subject: string;
  readonly htmlContent: string;
  readonly textContent: string;
  readonly headers?: Record<string, string>;
}

const account = (): Account => ({
  id: 'r1',
  provider: 'relay',
  name: 'Relais',
  fields: { url: `${URL_OF_RELAY}/`, secret: 'of-relay', pagesKey: 'which-signs-its-pages' },
  createdAt: START
});

/** A sign-up that asks for an address and a first name. */
export const signUpForm: Form = {
  id: 'f1',
  name: 'Marché',
  type: 'sign_up',
  title: 'La lettre',
  intro: '',
  fields: [
    { id: 'email', asks: { for: 'email' }, label: '', help: '', required: true },
    { id: 'first', asks: { for: 'attribute', attributeId: 'FIRSTNAME' }, label: '', help: '', required: false }
  ],
  listIds: ['l1'],
  consent: 'J’accepte.',
  button: '',
  thanks: '',
  createdAt: START,
  updatedAt: START
};

/** The app beside the real relay, whose clock is the machine's; what a provider is given is kept in `sent`. */
export class RelayWorld extends World {
  readonly sent: Sent[] = [];
  isRelayOut = false;

  /** Begins with an empty relay. */
  static async beside(relay: Relay): Promise<RelayWorld> {
    // The first call makes the tables.
    await relay.call('/in/x');
    for (const table of ['inbox', 'published', 'posts_of_minute']) await relay.sql(`DELETE FROM ${table}`);
    return new RelayWorld(relay);
  }

  private constructor(readonly relay: Relay) {
    super();
    this.answer = async (url, init) => {
      if (url.startsWith(URL_OF_RELAY)) {
        if (this.isRelayOut) throw new TypeError('no network');
        const answer = await relay.call(url.slice(URL_OF_RELAY.length), init);
        return { status: answer.status, body: await answer.text() };
      }
      if (!url.endsWith('/v3/smtp/email')) return { status: 200, body: { events: [] } };
      this.sent.push(JSON.parse(String(init?.body)) as Sent);
      return { status: 201, body: { messageId: `<m${this.sent.length}@x>` } };
    };
  }

  /** With the welcome automation, these contacts, and a relay. */
  async begin(...contactIds: string[]): Promise<void> {
    await this.put(...welcomeWorkspace(contactIds, 'acc1'), create('accounts', 'r1', account()));
    await this.open();
  }

  async relayAccount(): Promise<Account | undefined> {
    return (await this.all('accounts')).find(({ id }) => id === 'r1');
  }

  /** They are welcomed. */
  async welcome(...contactIds: string[]): Promise<void> {
    await this.addToList(contactIds, 'l1');
    await this.pass(HOUR);
  }

  async publishForm(form: Form = signUpForm): Promise<void> {
    await this.put(create('forms', form.id, form), update('forms', form.id, { isPublic: true }));
    await this.look();
  }

  /** Where the emails that were sent lead, as their readers (or one of them) find it: those that lead to this page. */
  linksTo(page: TokenPage, reader?: string): string[] {
    const link = new RegExp(`${URL_OF_RELAY}/${page}/[\\w.-]+`);
    const read = this.sent.filter(({ to }) => reader === undefined || to[0]?.email === reader);
    return read.flatMap(({ textContent }) => link.exec(textContent) ?? []);
  }

  /** Somebody opens a link. */
  visit(link: string, method = 'GET'): Promise<Response> {
    return this.relay.call(link.slice(URL_OF_RELAY.length), { method });
  }

  /** Somebody presses the button behind a link, and the app hears of it. Answers the status of the page. */
  async press(link: string): Promise<number> {
    const { status } = await this.visit(link, 'POST');
    await this.pass(MINUTE);
    return status;
  }

  /** Somebody hands in a form: that of a link, or that which is published under its id. */
  fill(values: Record<string, string>, where = `${URL_OF_RELAY}/f/${signUpForm.id}`): Promise<Response> {
    return this.relay.call(where.slice(URL_OF_RELAY.length), {
      method: 'POST',
      body: new URLSearchParams(values).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' }
    });
  }
}
