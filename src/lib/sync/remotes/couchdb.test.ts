import { expect, it } from 'vitest';
import { isInstalled } from '../../../../tests/remotes/install.mjs';
import { startPouchdb } from '../../../../tests/remotes/start';
import { describeRemote } from '../testing/remote-contract';
import type { RemoteFetch } from './definition';
import couchdb from './couchdb';

const connect = (fields: object, fetch: RemoteFetch) => couchdb.connect(fields as never, fetch);
const place = { url: 'http://127.0.0.1:9', database: 'ricochet', user: '', password: '' };

if (isInstalled())
  describeRemote('PouchDB Server', async () => {
    const { url, database, stop } = await startPouchdb();
    return { connect: () => connect({ ...place, url, database }, fetch), stop, waits: true };
  });

const answering = (status: number, body: object) => () => Promise.resolve(Response.json(body, { status }));

it.each([
  ['no_database', answering(404, { error: 'not_found', reason: 'Database does not exist.' })],
  ['refused', answering(401, { error: 'unauthorized', reason: 'Name or password is incorrect.' })],
  ['refused', answering(403, { error: 'forbidden', reason: 'You are not allowed to write.' })],
  ['not_couchdb', answering(200, {})],
  ['no_answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  [
    'no_cors',
    (_, { mode }) => (mode === 'no-cors' ? Promise.resolve(Response.error()) : Promise.reject(new TypeError()))
  ]
] satisfies [string, RemoteFetch][])('says in words what is wrong: %s', async (word, fetch) => {
  const reason = { key: `words.couchdb.${word}` };
  const remote = connect(place, fetch);
  expect(await remote.read('header')).toMatchObject({ ok: false, reason });
  expect(await remote.write('header', new Uint8Array(), null)).toMatchObject({ ok: false, reason });
});

it('gives nothing of a document whose bytes were touched, so that it does not open', async () => {
  const remote = connect(place, answering(200, { _id: 'header', _rev: '1-a', data: 'not base64' }));
  expect(await remote.get('header')).toEqual({ ok: true, value: new Uint8Array() });
});
