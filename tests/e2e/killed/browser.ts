import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type BrowserContext } from '@playwright/test';
import { findChromium } from '../../browser.mjs';

/** A Chromium of our own starting, with its profile on the disk: so that all its processes can be killed at once, or one be stopped. */
export interface RealBrowser {
  readonly context: BrowserContext;
  /** Every process of it ends at once, as when the power goes: SIGKILL. Nothing where it has been killed. */
  kill(): Promise<void>;
  /** The ids of the operating system of the processes that run pages. */
  renderers(): Promise<number[]>;
}

/** Starts it, without the tabs of last time. Throws where it does not answer within 30 s. */
export async function startBrowser(profile: string): Promise<RealBrowser> {
  const portFile = join(profile, 'DevToolsActivePort');
  await rm(portFile, { force: true });
  const child = spawn(
    findChromium() ?? 'chromium',
    [
      '--headless=new',
      '--window-size=1440,900',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-session-crashed-bubble',
      '--accept-lang=fr-FR',
      // A process for each tab, and none in reserve: the one that is stopped is the tab's.
      '--site-per-process',
      '--disable-features=SpareRendererForSitePerProcess',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank'
    ],
    // A group of its own, which is killed as a whole.
    { stdio: 'ignore', detached: true, env: { ...process.env, TZ: 'Europe/Paris', LANGUAGE: 'fr' } }
  );
  const ended = once(child, 'exit');
  let isKilled = false;
  const browser = await chromium.connectOverCDP(await addressIn(portFile));
  const [context] = browser.contexts();
  if (!context) throw new Error('The browser has no profile open');
  const session = await browser.newBrowserCDPSession();
  return {
    context,
    kill: async () => {
      if (isKilled || child.pid === undefined) return;
      isKilled = true;
      process.kill(-child.pid, 'SIGKILL');
      await ended;
      await untilGone(child.pid);
      await browser.close();
    },
    renderers: async () => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    }
  };
}

/**
 * Until no process of a group is left. The main one is the first to go; for a second or two others still have the files of the profile
 * open, and a browser that is started on them then may find its databases broken and begin with empty ones.
 */
async function untilGone(group: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    try {
      process.kill(-group, 0);
    } catch {
      return;
    }
    await pause(50);
  }
  throw new Error('Chromium did not end');
}

/** What Chromium writes once it listens: its port, and the path of its socket. */
async function addressIn(portFile: string): Promise<string> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const [port, path] = (await readFile(portFile, 'utf8').catch(() => '')).split('\n');
    if (port && path) return `ws://127.0.0.1:${port}${path}`;
    await pause(100);
  }
  throw new Error('Chromium did not start');
}
