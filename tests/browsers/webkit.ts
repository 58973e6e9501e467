import { clickActions, keyActions, keys, until, type Driver, type Json } from './driver';
import { freePort, start } from './process';

/** A page of WebKitGTK's MiniBrowser, driven by WebDriver, on a screen in memory. Its sessions are private: they keep nothing. */
export async function startWebKit(programs: { driver: string; browser: string; screen: string }): Promise<Driver> {
  const port = await freePort();
  const running = start(programs.screen, ['-a', '-s', '-screen 0 1400x1000x24', programs.driver, `--port=${port}`], {
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    // Its own sandbox wants rights that a container seldom has.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1'
  });

  let session = '';
  async function send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}${session}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {})
    });
    const { value } = (await response.json()) as { value: unknown };
    if (response.ok) return value;
    const { error, message } = value as { error: string; message: string };
    throw new Error(`${method} ${path}: ${error} ${message}`);
  }

  await until('WebKit’s driver answers', async () => send('GET', '/status').catch(() => undefined));
  const options = { binary: programs.browser, args: ['--automation'] };
  const made = await send('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } }
  });
  session = `/session/${(made as { sessionId: string }).sessionId}`;
  await send('POST', '/timeouts', { script: 60_000, pageLoad: 60_000 });
  await send('POST', '/window/rect', { x: 0, y: 0, width: 1280, height: 900 });
  const perform = async (actions: object[]): Promise<void> => {
    await send('POST', '/actions', { actions });
  };

  return {
    keepsProfile: false,
    open: async (url) => {
      await send('POST', '/url', { url });
    },
    evaluate: async (expression) => {
      const script = `return JSON.stringify((${expression}) ?? null)`;
      return JSON.parse(String(await send('POST', '/execute/sync', { script, args: [] }))) as Json;
    },
    click: (x, y) => perform(clickActions(x, y)),
    type: (text) => perform(keyActions(text)),
    typeWithControl: (text) => perform(keyActions(text, keys.control)),
    giveFile: async (selector, path) => {
      const found = await send('POST', '/element', { using: 'css selector', value: selector });
      const [id = ''] = Object.values(found as Record<string, string>);
      await send('POST', `/element/${id}/value`, { text: path });
    },
    restart: async () => {
      const { handle } = (await send('POST', '/window/new', { type: 'tab' })) as { handle: string };
      await send('DELETE', '/window');
      await send('POST', '/window', { handle });
    },
    close: async () => {
      await send('DELETE', '');
      await running.end();
    }
  };
}
