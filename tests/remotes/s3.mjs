// An S3 server on a folder that is thrown away, as a user's bucket: says its address, and stops when whoever started it is gone. It checks
// signatures, and CORS by the rules that it is given (XML). What it lacks of S3 is added here: conditional writes (unless it is told not
// to know them), each request whole before the next, and folders that hold nothing but folders.
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import S3rver from '@20minutes/s3rver';

const S3Error = createRequire(import.meta.url)('@20minutes/s3rver/lib/models/error');
const [bucket, { cors, knowsConditions = true, page = 1000 }] = process.argv.slice(2).map((each) => JSON.parse(each));
const directory = mkdtempSync(join(tmpdir(), 's3-'));
const server = new S3rver({
  directory,
  silent: true,
  address: '127.0.0.1',
  port: 0,
  configureBuckets: [{ name: bucket, configs: cors ? [cors] : [] }]
});

const { store } = server;
const asked = new AsyncLocalStorage();
let last = Promise.resolve();
server.middleware.unshift((ctx, next) => {
  const answer = last.then(async () => {
    await asked.run(ctx.headers, next);
    if (ctx.body instanceof Readable) ctx.body = await buffer(ctx.body);
  });
  last = answer.catch(() => undefined);
  return answer;
});

const put = store.putObject.bind(store);
store.putObject = async (object) => {
  const content = await buffer(object.content);
  const { 'if-match': over, 'if-none-match': unless } = knowsConditions ? asked.getStore() : {};
  const there = await store.existsObject(object.bucket, object.key);
  if (over !== undefined && !there) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  const isOther = over !== undefined && (await store.getMetadata(object.bucket, object.key)).etag !== over;
  if (isOther || (unless !== undefined && there))
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  // It waits for what it stores where that is a stream.
  object.content = Readable.from([content]);
  return put(object);
};

const list = store.listObjects.bind(store);
store.listObjects = async (from, { delimiter, ...options }) => {
  if (delimiter === undefined) return list(from, { ...options, maxKeys: page });
  const { prefix = '' } = options;
  const { objects } = await list(from, { ...options, maxKeys: Infinity });
  const folder = ({ key }) => key.indexOf(delimiter, prefix.length) + 1;
  const folders = objects.filter((each) => folder(each) > 0).map((each) => each.key.slice(0, folder(each)));
  return { objects: objects.filter((each) => folder(each) === 0), commonPrefixes: [...new Set(folders)] };
};

const { port } = await server.run();
process.stdout.write(`http://127.0.0.1:${port}\n`);
process.stdin
  .on('end', () => {
    rmSync(directory, { recursive: true, force: true });
    process.exit();
  })
  .resume();
