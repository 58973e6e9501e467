import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { clickActions, keyActions, keys, type Driver, type Json } from './driver';
import { start, type Running } from './process';

/** A page of Firefox, driven by WebDriver BiDi, which it speaks itself. */
export async function startFirefox(program: string): Promise<Driver> {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
  await writeFile(join(profile, 'user.js'), preferences);
  let browser = await launch(program, profile);
  const perform = async (actions: object[]): Promise<void> => {
    await browser.send('input.performActions', { context: browser.page, actions: actions as Json });
  };

  async function evaluate(expression: string, ownership = 'none'): Promise<RemoteValue> {
    const answer = (await browser.send('script.evaluate', {
      expression,
      target: { context: browser.page },
      awaitPromise: false,
      resultOwnership: ownership
    })) as { result?: RemoteValue; exceptionDetails?: { text: string } };
    if (!answer.result) throw new Error(`${answer.exceptionDetails?.text ?? 'failed'} in ${expression.slice(0, 300)}`);
    return answer.result;
  }

  return {
    keepsProfile: true,
    async open(url) {
      await browser.send('browsingContext.navigate', { context: browser.page, url, wait: 'complete' });
    },
    async evaluate(expression) {
      const { value } = await evaluate(`JSON.stringify((${expression}) ?? null)`);
      return JSON.parse(String(value)) as Json;
    },
    click: (x, y) => perform(clickActions(x, y)),
    type: (text) => perform(keyActions(text)),
    typeWithControl: (text) => perform(keyActions(text, keys.control)),
    async giveFile(selector, path) {
      const { sharedId } = await evaluate(`document.querySelector(${JSON.stringify(selector)})`, 'root');
      await browser.send('input.setFiles', {
        context: browser.page,
        element: { sharedId: sharedId ?? null },
        files: [path]
      });
    },
    async restart() {
      await browser.close();
      browser = await launch(program, profile);
    },
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

interface RemoteValue {
  value?: unknown;
  sharedId?: string;
}

interface Browser {
  /** the context of the one page */
  page: string;
  send(method: string, params: Record<string, Json>): Promise<unknown>;
  close(): Promise<void>;
}

async function launch(program: string, profile: string): Promise<Browser> {
  const running = start(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0']);
  const [, address = ''] = await running.writes(/WebDriver BiDi listening on (ws:\S+)/);
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const send = talk(socket);
  await send('session.new', { capabilities: {} });
  const { contexts } = (await send('browsingContext.getTree', {})) as { contexts: { context: string }[] };
  const page = contexts[0]?.context ?? '';
  await send('browsingContext.setViewport', { context: page, viewport: { width: 1280, height: 800 } });
  return { page, send, close: () => quit(running, socket, send) };
}

type Send = Browser['send'];

/** Commands go out with a number; the answer comes back with the same. */
function talk(socket: WebSocket): Send {
  type Answer = { id?: number; type: string; result?: unknown; error?: string; message?: string };
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  socket.on('close', () => {
    for (const answer of waiting.values()) answer({ type: 'error', error: 'the browser is gone' });
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, (answer) => {
        waiting.delete(id);
        if (answer.type === 'success') resolve(answer.result);
        else reject(new Error(`${method}: ${answer.error ?? ''} ${answer.message ?? ''}`));
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
}

/** As a person does, so that all it has to write is on disk. */
async function quit(running: Running, socket: WebSocket, send: Send): Promise<void> {
  await send('browser.close', {});
  socket.close();
  await running.end();
}

/** No pages and questions of its own, no calls home. */
const preferences = Object.entries({
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'intl.accept_languages': 'fr',
  'toolkit.telemetry.reportingpolicy.firstRun': false
})
  .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
  .join('');
