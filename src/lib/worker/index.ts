import * as Comlink from 'comlink';
import { Leaving } from '$lib/storage/dexie/leaving';
import type { PageNews } from './api';
import { assemble } from './assemble';
import { forward } from './forward';

const leaving = new Leaving();

// The messages of a page that calls at once must find a listener: what is exposed waits by itself until all is put together.
Comlink.expose(forward(assemble(leaving)));

// Not through Comlink, behind which it would wait until all is put together.
addEventListener('message', ({ data }: MessageEvent<PageNews>) => {
  if (data === 'leaving') leaving.leave();
  if (data === 'staying') void leaving.stay();
});
