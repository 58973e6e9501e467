import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { Folders } from '../../folders';
import { nameAfter } from '../../names';
import type { RemoteName } from '../../remote';
import { childrenOf, parsedXml, textIn, type XmlElement } from '../../xml';
import { isDone, troubleOf, type WebdavCall } from './call';
import type { Ask } from './locks';

/** So many that came next are asked for one by one, since a folder can only be listed whole. */
const NEAR = 4;

const PROPERTIES =
  '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>';

interface Entry {
  /** The last part of its address. */
  readonly name: string;
  readonly isFolder: boolean;
  /** In bytes; 0 of what somebody has locked and not written yet. */
  readonly length: number;
}

/** What lies in the folders (RFC 4918, 'PROPFIND Method'). */
export function listing(ask: Ask): Folders {
  return {
    below: async (folder, signal) => {
      const entries = await list(ask, folder, signal);
      if (!entries.ok) return entries;
      return ok(entries.value.filter(({ isFolder }) => isFolder).map(({ name }) => path(folder, name)));
    },
    names: async (folder, after, signal) => {
      const near: RemoteName[] = [];
      let next = after === null ? null : nameAfter(after);
      while (next !== null && near.length < NEAR) {
        const found = await isThere(ask, next, signal);
        if (!found.ok) return found;
        if (!found.value) return ok({ names: near, isMore: false });
        near.push(next);
        next = nameAfter(next);
      }
      const entries = await list(ask, folder, signal);
      if (!entries.ok) return entries;
      const names = entries.value
        .filter(({ isFolder, length }) => !isFolder && length > 0)
        .map(({ name }) => path(folder, name))
        .filter((name) => after === null || name > after)
        .sort();
      return ok({ names, isMore: false });
    }
  };
}

/** Whether the folder of the place is there, and can be listed. */
export async function findFolder(ask: Ask): Promise<Result<void>> {
  const found = await propfind(ask, '', '0');
  return found.ok ? ok(undefined) : found;
}

async function isThere(ask: Ask, name: RemoteName, signal?: AbortSignal): Promise<Result<boolean>> {
  const head: WebdavCall = { method: 'HEAD', name, ...(signal === undefined ? {} : { signal }) };
  const answer = await ask(head);
  if (!answer.ok) return answer;
  if (answer.value.status === 404) return ok(false);
  return isDone(answer.value) ? ok(answer.value.length !== 0) : failed(troubleOf(answer.value, head));
}

async function list(ask: Ask, folder: string, signal?: AbortSignal): Promise<Result<readonly Entry[]>> {
  const responses = await propfind(ask, folder, '1', signal);
  if (!responses.ok) return responses;
  const found = responses.value.map((response) => ({ parts: partsOf(textIn(response, 'href') ?? ''), response }));
  // The folder itself is told among what lies in it.
  const depth = Math.min(...found.map(({ parts }) => parts.length));
  return ok(found.filter(({ parts }) => parts.length > depth).map(({ parts, response }) => entryOf(parts, response)));
}

/** None of a folder that is not there, but for the place's own. */
async function propfind(
  ask: Ask,
  folder: string,
  depth: '0' | '1',
  signal?: AbortSignal
): Promise<Result<readonly XmlElement[]>> {
  const asked: WebdavCall = {
    method: 'PROPFIND',
    name: folder === '' ? '' : `${folder}/`,
    headers: { depth, 'content-type': 'application/xml; charset=utf-8' },
    body: PROPERTIES,
    ...(signal === undefined ? {} : { signal })
  };
  const answer = await ask(asked);
  if (!answer.ok) return answer;
  if (answer.value.status === 404 && folder !== '') return ok([]);
  if (answer.value.status !== 207) return failed(troubleOf(answer.value, asked));
  const root = parsedXml(new TextDecoder().decode(answer.value.bytes));
  return root?.name === 'multistatus' ? ok(childrenOf(root, 'response')) : failed(words('words.webdav.not_webdav'));
}

function entryOf(parts: readonly string[], response: XmlElement): Entry {
  const properties = childrenOf(response, 'propstat').flatMap((status) => childrenOf(status, 'prop'));
  const isFolder = properties.some((each) => childrenOf(childrenOf(each, 'resourcetype')[0], 'collection').length > 0);
  const length = properties.map((each) => Number(textIn(each, 'getcontentlength') ?? 0));
  return { name: parts.at(-1) ?? '', isFolder, length: Math.max(0, ...length) };
}

/** Of an address or a path. */
function partsOf(href: string): readonly string[] {
  const pathname = href.trim().replace(/^https?:\/\/[^/]*/i, '');
  return pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not ours: what is ours needs no encoding.
    return part;
  }
}

function path(folder: string, name: string): RemoteName {
  return folder === '' ? name : `${folder}/${name}`;
}
