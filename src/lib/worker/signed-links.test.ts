import { describe, expect, test, vi } from 'vitest';
import { remove, update } from '$lib/core/changes';
import { HOUR, MINUTE } from '$lib/core/instants';
import { besideRelay } from '../../../tests/fixtures/beside-relay';
import { type RelayWorld } from './testing/relay-world';
import { active, welcomeGraph } from './testing/world';

let world: RelayWorld;
besideRelay((begun) => {
  world = begun;
});

describe('a marketing email', () => {
  test('leads to the page in its headers, its HTML and its plain text, signed for its reader alone', async () => {
    await world.begin('c1', 'c2');
    await world.welcome('c1', 'c2');
    expect(world.sent).toHaveLength(2);
    const links = world.linksTo('u');
    expect(new Set(links).size).toBe(2);
    for (const [at, { headers, htmlContent, textContent }] of world.sent.entries()) {
      expect(headers).toMatchObject({
        'List-Unsubscribe': `<${links[at]}>, <mailto:lea@atelier.fr?subject=unsubscribe>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click'
      });
      expect(htmlContent).toContain(`<a href="${links[at]}"`);
      expect(textContent).toContain(links[at]);
      expect(htmlContent + textContent).not.toContain('unsubscribe.invalid');
      expect(Buffer.from(links[at]?.split('/u/')[1] ?? '', 'base64url').toString()).not.toMatch(/exemple|Prénom/);
      expect((await world.visit(links[at] ?? '')).status).toBe(200);
    }
  });

  test('looked at by a program unsubscribes nobody; the button does, before the next email', async () => {
    await world.begin('c1');
    await world.welcome('c1');
    const [link = ''] = world.linksTo('u');
    await world.visit(link);
    await world.visit(link, 'HEAD');
    await world.pass(MINUTE);
    expect((await world.all('contacts'))[0]?.blocklist).toBeUndefined();
    // It has another email due, which was written before.
    const again = { ...welcomeGraph, triggers: [{ ...welcomeGraph.triggers[0]!, fields: { listIds: ['l2'] } }] };
    await world.put(...active(again, {}, 'a2'));
    await world.addToList(['c1'], 'l2');
    expect((await world.visit(link, 'POST')).status).toBe(200);
    await world.pass(HOUR);
    const [contact] = await world.all('contacts');
    expect(contact?.blocklist).toMatchObject({ campaigns: true });
    const [event] = (await world.all('events')).filter(({ type }) => type === 'email.unsubscribed');
    expect(event).toMatchObject({ contactId: 'c1', properties: { emailName: 'Bienvenue', messageId: '<m1@x>' } });
    expect(world.sent).toHaveLength(1);
    expect((await world.outbox()).find(({ automationId }) => automationId === 'a2')).toMatchObject({
      status: 'skipped',
      reason: { key: 'words.outbox.unsubscribed' }
    });
  });

  test('is not sent where its reader unsubscribed between the step and the sending', async () => {
    await world.begin('c1');
    await world.welcome('c1');
    world.isOnline = false;
    const again = { ...welcomeGraph, triggers: [{ ...welcomeGraph.triggers[0]!, fields: { listIds: ['l2'] } }] };
    await world.put(...active(again, {}, 'a2'));
    await world.addToList(['c1'], 'l2');
    await world.pass(HOUR);
    expect((await world.outbox()).filter(({ status }) => status === 'queued')).toHaveLength(1);
    await world.visit(world.linksTo('u')[0]!, 'POST');
    world.isOnline = true;
    await world.pass(2 * MINUTE);
    expect(world.sent).toHaveLength(1);
    expect((await world.outbox()).map(({ status }) => status).sort()).toEqual(['sent', 'skipped']);
  });

  test('of somebody who was found to be somebody else unsubscribes the one who is left; of somebody erased nobody', async () => {
    await world.begin('c1', 'c2', 'c3');
    await world.welcome('c1', 'c2');
    await world.put(
      update('contacts', 'c1', { mergedInto: 'c3' }),
      remove('contacts', 'c2'),
      ...(await world.outbox()).map(({ id }) => remove('outbox', id))
    );
    for (const link of world.linksTo('u')) await world.visit(link, 'POST');
    await world.pass(MINUTE);
    const blocked = (await world.all('contacts')).filter(({ blocklist }) => blocklist?.campaigns).map(({ id }) => id);
    expect(blocked).toEqual(['c3']);
  });

  test('is the same at each attempt', async () => {
    await world.begin('c1');
    const answer = world.answer;
    const bodies: unknown[] = [];
    world.answer = (url, init) => {
      if (!url.endsWith('/v3/smtp/email')) return answer(url, init);
      bodies.push(init?.body);
      return Promise.resolve(
        bodies.length === 1 ? { status: 503, body: {} } : { status: 201, body: { messageId: '<m>' } }
      );
    };
    await world.welcome('c1');
    await world.pass(10 * MINUTE);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  test('waits while the key is locked', async () => {
    await world.begin('c1');
    const open = world.parts.openSecret;
    vi.spyOn(world.parts, 'openSecret').mockImplementation((id) =>
      id === 'which-signs-its-pages' ? Promise.resolve(null) : open(id)
    );
    await world.welcome('c1');
    expect(world.sent).toEqual([]);
    expect((await world.outbox()).map(({ status }) => status)).toEqual(['queued']);
  });

  test('asks for a message to its sender without a relay, before its pages are there, and after it was taken away', async () => {
    const byMail = { 'List-Unsubscribe': '<mailto:lea@atelier.fr?subject=unsubscribe>' };
    world.isRelayOut = true;
    await world.begin('c1', 'c2', 'c3');
    await world.welcome('c1');
    world.isRelayOut = false;
    await world.pass(MINUTE);
    world.isOnline = false;
    await world.welcome('c2');
    await world.put(remove('accounts', 'r1'));
    world.isOnline = true;
    await world.look();
    await world.welcome('c3');
    expect(world.sent).toHaveLength(3);
    for (const { headers, htmlContent, textContent } of world.sent) {
      expect(headers).toMatchObject(byMail);
      expect(headers).not.toHaveProperty('List-Unsubscribe-Post');
      expect(htmlContent).toContain('href="mailto:lea@atelier.fr?subject=unsubscribe"');
      expect(textContent).toContain('mailto:lea@atelier.fr?subject=unsubscribe');
    }
  });
});
