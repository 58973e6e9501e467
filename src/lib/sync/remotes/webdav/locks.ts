import { failed, ok, type Result } from '$lib/core/result';
import type { RemoteName } from '../../remote';
import { childrenOf, parsedXml, textIn } from '../../xml';
import { isDone, troubleOf, type WebdavAnswer, type WebdavCall } from './call';

export type Ask = (asked: WebdavCall) => Promise<Result<WebdavAnswer>>;

/** How long a lock holds where it is not given back, in seconds: longer than any write, since what was begun may end after it. */
const HOLD = 60;

/** How often, and after how many ms, a place is tried again that another holds for the time of a write. */
const ATTEMPTS = 12;
const PAUSE = 150;

const LOCK_INFO =
  '<?xml version="1.0" encoding="utf-8"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>';

/**
 * Carries out work while nobody else may write this name (RFC 4918, 'LOCK Method'). It gets the lock's token, with which it says that
 * it has the lock still; null at a server that knows no locks. Fails where others hold it on and on.
 */
export async function withLock<T>(
  ask: Ask,
  name: RemoteName,
  work: (token: string | null) => Promise<Result<T>>
): Promise<Result<T>> {
  const lock: WebdavCall = {
    method: 'LOCK',
    name,
    headers: { depth: '0', timeout: `Second-${HOLD}`, 'content-type': 'application/xml; charset=utf-8' },
    body: LOCK_INFO
  };
  const answer = await unlessHeld(ask, lock);
  if (!answer.ok) return answer;
  if (answer.value.status === 405 || answer.value.status === 501) return work(null);
  if (!isDone(answer.value)) return failed(troubleOf(answer.value, lock));
  const token = tokenIn(answer.value);
  if (token === undefined) return work(null);
  try {
    return await work(token);
  } finally {
    // Where this does not arrive the lock ends by itself.
    await ask({ method: 'UNLOCK', name, headers: { 'lock-token': `<${token}>` } });
  }
}

/** Asks again, a little later, for as long as another holds the name, or as its folders are made. */
export async function unlessHeld(ask: Ask, asked: WebdavCall): Promise<Result<WebdavAnswer>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(asked);
    if (!answer.ok) return answer;
    if (answer.value.status === 409 && attempt === 1) {
      const made = await makeFolders(ask, asked.name);
      if (!made.ok) return made;
    } else if ([423, 424].includes(answer.value.status) && attempt < ATTEMPTS)
      await new Promise((resolve) => setTimeout(resolve, PAUSE * (1 + Math.random())));
    else return answer;
  }
}

/** The folders in which a name lies. Made by others at the same time they are there as well. */
async function makeFolders(ask: Ask, name: RemoteName): Promise<Result<void>> {
  const parts = name.split('/').slice(0, -1);
  for (const at of parts.keys()) {
    const made: WebdavCall = { method: 'MKCOL', name: `${parts.slice(0, at + 1).join('/')}/` };
    const answer = await ask(made);
    if (!answer.ok) return answer;
    const { status } = answer.value;
    // Apache says 403 to who loses against another.
    if (!isDone(answer.value) && status !== 405 && status !== 403) return failed(troubleOf(answer.value, made));
  }
  return ok(undefined);
}

function tokenIn({ bytes }: WebdavAnswer): string | undefined {
  const lock = ['lockdiscovery', 'activelock', 'locktoken'].reduce(
    (element, name) => childrenOf(element, name)[0],
    parsedXml(new TextDecoder().decode(bytes))
  );
  return textIn(lock, 'href')?.trim();
}
