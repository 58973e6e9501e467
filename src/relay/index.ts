import { RELAY_NAME, RELAY_VERSION, SECRET_HEADER, type RelayHello } from '$lib/core/inbox';
import { ok, preflight, refusal, withCors } from './answers';
import { askToConfirm, confirm, handInOwn, refuse, showOwn } from './pages/confirm';
import { deleteForm, handIn, putForm, showForm } from './pages/forms';
import { handInProfile, showProfile } from './pages/profile';
import { formScript } from './pages/script';
import { putSite } from './pages/site';
import { askToUnsubscribe, resubscribe, unsubscribe } from './pages/unsubscribe';
import { pass } from './pass';
import type { Context, Env } from './platform';
import { lookedAt, receive } from './posts';
import { isSame } from './same';
import { deleteSource, listSources, putSource } from './sources';
import { openStore, type Store } from './store';
import { track } from './track';
import { acknowledge, inboxPage } from './waiting';

/** The relay: a Worker. What it answers to what is written in core/inbox.ts and core/pages.ts. */
export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    if (request.method === 'OPTIONS') return preflight(request);
    // Not said what failed: an error may quote what was sent.
    const answer = answerTo({ request, url: new URL(request.url), env, context }).catch(() =>
      refusal(503, 'failed', 'The relay could not do it, most likely because its database did not answer. Try again.')
    );
    return withCors(await answer);
  },

  async scheduled(_event: unknown, env: Env): Promise<void> {
    if (env.DB !== undefined) await (await openStore(env.DB)).forgetOld(Date.now());
  }
};

interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly env: Env;
  readonly context: Context;
}

type Handler = (call: Call & { readonly store: Store; readonly id: string }) => Promise<Response>;

/** `{id}` is the first group of the path. */
interface Route {
  readonly path: RegExp;
  /** Whoever may post needs no secret of the user's. */
  readonly isOpen?: true;
  readonly methods: Readonly<Record<string, Handler>>;
}

const ROUTES: readonly Route[] = [
  { path: /^\/sources$/, methods: { GET: ({ store }) => listSources(store) } },
  {
    path: /^\/sources\/([^/]+)$/,
    methods: {
      PUT: ({ request, id, store }) => putSource(request, id, store),
      DELETE: ({ id, store }) => deleteSource(id, store)
    }
  },
  {
    path: /^\/in\/([^/]+)$/,
    isOpen: true,
    methods: {
      GET: ({ id, store }) => lookedAt(id, store),
      HEAD: ({ id, store }) => lookedAt(id, store),
      POST: ({ request, id, store, context }) => receive(request, id, store, context)
    }
  },
  { path: /^\/pages$/, methods: { PUT: ({ request, store }) => putSite(request, store) } },
  {
    path: /^\/forms\/([^/]+)$/,
    methods: {
      PUT: ({ request, id, store }) => putForm(request, id, store),
      DELETE: ({ id, store }) => deleteForm(id, store)
    }
  },
  {
    path: /^\/f\/([^/]+)$/,
    isOpen: true,
    methods: {
      GET: ({ id, store }) => showForm(id, store),
      HEAD: ({ id, store }) => showForm(id, store),
      POST: ({ request, id, store, context }) => handIn(request, id, store, context)
    }
  },
  {
    path: /^\/u\/([^/]+)$/,
    isOpen: true,
    methods: {
      GET: ({ request, id, store }) => askToUnsubscribe(request, id, store),
      HEAD: ({ request, id, store }) => askToUnsubscribe(request, id, store),
      POST: ({ request, id, store, context }) => unsubscribe(request, id, store, context)
    }
  },
  {
    path: /^\/u\/([^/]+)\/back$/,
    isOpen: true,
    methods: { POST: ({ request, id, store, context }) => resubscribe(request, id, store, context) }
  },
  {
    path: /^\/c\/([^/]+)$/,
    isOpen: true,
    methods: {
      GET: ({ request, id, store }) => askToConfirm(request, id, store),
      HEAD: ({ request, id, store }) => askToConfirm(request, id, store),
      POST: ({ request, id, store, context }) => confirm(request, id, store, context)
    }
  },
  {
    path: /^\/c\/([^/]+)\/no$/,
    isOpen: true,
    methods: { POST: ({ request, id, store, context }) => refuse(request, id, store, context) }
  },
  {
    path: /^\/c\/([^/]+)\/own$/,
    isOpen: true,
    methods: {
      GET: ({ request, id, store }) => showOwn(request, id, store),
      HEAD: ({ request, id, store }) => showOwn(request, id, store),
      POST: ({ request, id, store, context }) => handInOwn(request, id, store, context)
    }
  },
  {
    path: /^\/p\/([^/]+)$/,
    isOpen: true,
    methods: {
      GET: ({ request, id, store }) => showProfile(request, id, store),
      HEAD: ({ request, id, store }) => showProfile(request, id, store),
      POST: ({ request, id, store, context }) => handInProfile(request, id, store, context)
    }
  },
  { path: /^\/inbox$/, methods: { GET: ({ url, store }) => inboxPage(url, store) } },
  { path: /^\/inbox\/acknowledged$/, methods: { POST: ({ request, store }) => acknowledge(request, store) } }
];

async function answerTo(call: Call): Promise<Response> {
  const { request, url, env } = call;
  if (url.pathname === '/') return request.method === 'GET' ? hello(request, env) : wrongMethod('GET');
  if (url.pathname === '/forms.js') {
    return ['GET', 'HEAD'].includes(request.method) ? formScript() : wrongMethod('GET, HEAD');
  }
  if (url.pathname === '/track.js') {
    return ['GET', 'HEAD'].includes(request.method) ? track() : wrongMethod('GET, HEAD');
  }
  if (url.pathname.startsWith('/pass/')) {
    return (await refusalOfSecret(request.headers.get(SECRET_HEADER), env)) ?? pass(request, url, env);
  }
  for (const { path, isOpen, methods } of ROUTES) {
    const match = path.exec(url.pathname);
    if (match === null) continue;
    const handler = methods[request.method];
    if (handler === undefined) return wrongMethod(Object.keys(methods).join(', '));
    const refused = isOpen ? null : await refusalOfSecret(bearerOf(request), env);
    if (refused !== null) return refused;
    if (env.DB === undefined) return refusal(503, 'no_database', 'Bind a D1 database to this Worker as DB.');
    return handler({ ...call, store: await openStore(env.DB), id: match[1] ?? '' });
  }
  return refusal(404, 'unknown_route', 'There is nothing at this address.');
}

async function hello(request: Request, env: Env): Promise<Response> {
  const isKnown = (await refusalOfSecret(bearerOf(request), env)) === null;
  const answer: RelayHello = { name: RELAY_NAME, version: RELAY_VERSION, isKnown, now: Date.now() };
  return ok(answer);
}

async function refusalOfSecret(given: string | null, { SECRET = '' }: Env): Promise<Response | null> {
  if (SECRET === '') return refusal(503, 'no_secret', 'Add the secret SECRET to this Worker.');
  const isRight = await isSame(given ?? '', SECRET);
  return isRight ? null : refusal(401, 'wrong_secret', 'The secret is missing or wrong.');
}

function bearerOf(request: Request): string | null {
  return /^bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

function wrongMethod(allow: string): Response {
  return refusal(405, 'wrong_method', `Here only ${allow} can be used.`, { allow });
}
