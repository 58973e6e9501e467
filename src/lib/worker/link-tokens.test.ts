import { expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import { HOUR } from '$lib/core/instants';
import { START, template, welcomeWorkspace, World } from './testing/world';

const html = '<a href="https://www.atelier.fr/mugs">Mugs</a> <a href="https://exemple.com">Ami</a>';

/** What leaves of the welcome mail, and what the outbox showed before. */
async function sent(domains?: string[]) {
  const world = new World();
  await world.put(
    ...welcomeWorkspace(['c1'], 'acc1'),
    update('templates', 'm1', { ...template, html }),
    create('inboxSources', 's'.repeat(22), {
      id: 's'.repeat(22),
      kind: 'tracker',
      name: 'Site',
      createdAt: START,
      ...(domains ? { domains } : {})
    })
  );
  world.answer = (url) =>
    Promise.resolve(
      url.includes('/smtp/email') ? { status: 201, body: { messageId: '<m@x>' } } : { status: 200, body: {} }
    );
  await world.open();
  await world.addToList(['c1'], 'l1');
  await world.pass(HOUR);
  const call = world.calls.find(({ url }) => url.includes('/smtp/email'));
  world.close();
  return JSON.parse(String(call?.init?.body)) as { htmlContent: string; textContent: string };
}

test('links to the user’s own site say whose email it was, and to no other', async () => {
  const { htmlContent, textContent } = await sent(['atelier.fr']);
  expect(htmlContent).toContain('href="https://www.atelier.fr/mugs?rc=c1"');
  expect(textContent).toContain('https://www.atelier.fr/mugs?rc=c1');
  expect(htmlContent).toContain('href="https://exemple.com"');
  expect(htmlContent.match(/rc=/g)).toHaveLength(1);
});

test('without domains no link does', async () => {
  expect((await sent()).htmlContent).not.toContain('rc=');
});
