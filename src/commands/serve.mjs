// npm start: serves the built app at the first free port from PORT (4173) on.
import { existsSync } from 'node:fs';
import { serveSite } from './site-server.mjs';

if (!existsSync('build/index.html')) {
  console.error('There is no build yet: run `npm start`, which builds first, or `npm run build`.');
  process.exit(1);
}

const wanted = Number(process.env.PORT ?? 4173);
for (let port = wanted; ; port++) {
  try {
    const { url } = await serveSite({ port });
    console.log(`Ricochet is at ${url}`);
    break;
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken || port >= wanted + 20) throw error;
  }
}
