// npm run lighthouse: a cold load of home and contacts, as Lighthouse judges it; fails where a score is below what is asked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import lighthouse from 'lighthouse';
import desktop from 'lighthouse/core/config/desktop-config.js';
import { serveSite } from '../../src/commands/site-server.mjs';
import { ensureChromium, findChromium } from '../browser.mjs';

/** The least that each score may be, out of 100: by Lighthouse's settings for a computer, or with FORM=mobile for a slow phone. */
const asked = { performance: 95, accessibility: 100, 'best-practices': 100 };
const paths = ['/', '/contacts'];
/** A computer has other things to do now and then: the middle one of three counts. */
const RUNS = 3;

const folder = await mkdtemp(join(tmpdir(), 'lighthouse-'));
await cp('build', join(folder, 'site'), { recursive: true });
await compressAsHostsDo(join(folder, 'site'));
const site = await serveSite({ folder: join(folder, 'site') });
const browser = await startChromium();
try {
  let isMissed = false;
  for (const path of paths) {
    /** @type {Record<string, number>[]} */
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await scoresOf(`${site.url}${path}`));
    for (const [name, least] of Object.entries(asked)) {
      const score = median(runs.map((scores) => scores[name] ?? 0));
      if (score < least) isMissed = true;
      console.log(`${score < least ? '✗' : '✓'} ${path} ${name}: ${score} (asked: ${least})`);
    }
  }
  process.exitCode = isMissed ? 1 : 0;
} finally {
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** @param {string} url */
async function scoresOf(url) {
  const result = await lighthouse(
    url,
    { port: browser.port, onlyCategories: Object.keys(asked), logLevel: 'error' },
    process.env.FORM === 'mobile' ? undefined : desktop
  );
  if (!result) throw new Error('Lighthouse gave no result');
  const { lhr } = result;
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  if (process.env.DETAILS) {
    console.log('bench index', lhr.environment.benchmarkIndex);
    tellWhy(lhr);
  }
  return Object.fromEntries(
    Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round((score ?? 0) * 100)])
  );
}

/**
 * What a score was lowered by.
 * @param {import('lighthouse').Result} lhr
 */
function tellWhy(lhr) {
  for (const { id, score, displayValue } of Object.values(lhr.audits))
    if (score !== null && score < 0.9) console.log(`  ${id}: ${Math.round(score * 100)} ${displayValue ?? ''}`);
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Lighthouse counts the bytes that are sent, and every host compresses.
 * @param {string} site
 */
async function compressAsHostsDo(site) {
  for (const name of await readdir(site, { recursive: true })) {
    if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue;
    const file = join(site, name);
    await writeFile(`${file}.gz`, gzipSync(await readFile(file)));
  }
}

async function startChromium() {
  const profile = join(folder, 'profile');
  ensureChromium();
  const child = spawn(
    findChromium() ?? 'chromium',
    ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
    { stdio: 'ignore' }
  );
  const ended = once(child, 'exit');
  return {
    port: await portIn(join(profile, 'DevToolsActivePort')),
    close: async () => {
      child.kill();
      await ended;
    }
  };
}

/** @param {string} file what Chromium writes once it listens */
async function portIn(file) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const [port] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    if (port) return Number(port);
    await pause(100);
  }
  throw new Error('Chromium did not start');
}
