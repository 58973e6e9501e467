import { afterEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { NO_MAPPING, type GenericMapping } from '$lib/core/generic-mapping';
import { HOUR } from '$lib/core/instants';
import type { Account } from '$lib/core/rows/messages';
import { accountEdits } from './edits/accounts';
import { inboxEdits } from './edits/inbox';
import { contact, START, World } from './testing/world';

const ACCOUNT = 'a1b2c3d4-0000-7000-8000-000000000001';
const couchdb: Account = {
  id: ACCOUNT,
  provider: 'couchdb',
  name: 'Ma base',
  fields: { url: 'https://couch.example', database: 'ricochet', user: 'lea', password: 'p1', kind: 'generic' },
  createdAt: START
};
const mapping: GenericMapping = { ...NO_MAPPING, email: 'who', name: 'Cours fini', id: 'n' };
const noSecret = () => Promise.reject(new Error('no secret'));

let world: World;
afterEach(() => world.close());

/** A database to which these were posted, one after the other. */
async function posted(docs: readonly object[]) {
  world = new World();
  await world.put(
    create('accounts', ACCOUNT, couchdb),
    create('contacts', 'c1', contact('c1')),
    create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' })
  );
  world.answer = (url) => {
    const since = Number(new URL(url).searchParams.get('since'));
    const results = docs.slice(since).map((doc, at) => ({ id: `d-${since + at}`, doc }));
    return Promise.resolve({ status: 200, body: { results, last_seq: docs.length } });
  };
  await world.open();
  await world.look();
  return inboxEdits(world.desk, noSecret, () => 'new');
}

test('what is posted to a database waits until its meaning is told, under the account; then it is an event', async () => {
  const docs = [
    { n: 1, who: 'c1@exemple.fr' },
    { kind: 'generic', body: { n: 2 } }
  ];
  const inbox = await posted(docs);
  expect(world.calls[0]?.init?.headers).toMatchObject({ authorization: `Basic ${btoa('lea:secret of p1')}` });
  expect((await world.all('quarantine')).map(({ reason }) => reason.key)).toEqual([
    'words.mapping.none',
    'words.mapping.none'
  ]);
  expect(await inbox.setMapping(ACCOUNT, mapping)).toEqual({ ok: true, value: 1 });
  expect((await world.all('events')).map(({ properties, contactId }) => [properties.name, contactId])).toEqual([
    ['Cours fini', 'c1']
  ]);
  docs.push({ n: 3, who: 'c1@exemple.fr' });
  await world.pass(HOUR);
  expect(await world.all('events')).toHaveLength(2);
  const cursor = (await world.all('cursors')).find(({ sourceId }) => sourceId === `couchdb.inbox:${ACCOUNT}`);
  expect(cursor).toMatchObject({ cursor: '3' });
});

test('no relay is told of it, and with the account its meaning goes', async () => {
  const inbox = await posted([]);
  await inbox.setMapping(ACCOUNT, mapping);
  expect(await inbox.setMapping(ACCOUNT, { ...mapping, name: 'Autre' })).toMatchObject({ ok: true });
  const calls = world.calls.length;
  await world.put(
    create('accounts', 'r1', { ...couchdb, id: 'r1', provider: 'relay', fields: { url: 'https://r', secret: 's', pagesKey: 'k' } }) // prettier-ignore
  );
  await inbox.tellAgain().catch(() => undefined);
  expect(world.calls.slice(calls).filter(({ init }) => init?.method === 'PUT')).toEqual([]);
  expect(await accountEdits(world.desk, noSecret).remove(ACCOUNT)).toMatchObject({ ok: true });
  expect(await world.all('inboxSources')).toEqual([]);
});

test('a meaning for nobody is refused', async () => {
  const inbox = await posted([]);
  expect(await inbox.setMapping('gone', mapping)).toMatchObject({
    ok: false,
    reason: { key: 'words.inbox.source_gone' }
  });
});
