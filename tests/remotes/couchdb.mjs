// PouchDB Server, all of it in memory, as a user's CouchDB: says its address, and stops when whoever started it is gone.
import cors from 'cors';
import express from 'express';
import expressPouchdb from 'express-pouchdb';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';

PouchDB.plugin(memory);
const app = express();
app.use(cors({ origin: true, credentials: true }));
app.use(expressPouchdb(PouchDB.defaults({ adapter: 'memory' }), { mode: 'minimumForPouchDB', inMemoryConfig: true }));

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});

process.stdin.on('end', () => process.exit()).resume();
