import { update } from '$lib/core/changes';
import type { AutomationSettings } from '$lib/core/graph';
import { HOUR } from '$lib/core/instants';
import { MemoryStorage } from '$lib/storage/memory';
import { active, welcomeGraph, oneMessageACall, welcomeWorkspace, World } from './world';

export interface Sent {
  readonly to: string;
  readonly key: string;
}

export type Reply = { status: number; body: unknown; headers?: Record<string, string> };

export const ACCEPTED: Reply = { status: 201, body: { messageId: '<m@x>' } };
export const never = new Promise<Reply>(() => undefined);

const worlds: World[] = [];

/** It is closed after the test. */
export function tidied(world: World): World {
  worlds.push(world);
  return world;
}

/** After each test. */
export function closeWorlds(): void {
  for (const world of worlds.splice(0)) world.close();
}

/** Contacts whose welcome mail is due, one a call; `reply` answers each send, and `sent` lists them in the order in which they left. */
export async function due(
  count: number,
  reply: (sent: Sent, n: number) => Reply | Promise<Reply>,
  settings: Partial<AutomationSettings> = {},
  storage = new MemoryStorage()
): Promise<{ world: World; sent: Sent[] }> {
  const ids = Array.from({ length: count }, (_, n) => `c${String(n).padStart(3, '0')}`);
  const world = oneMessageACall(new World(storage));
  await world.put(...welcomeWorkspace(ids, 'acc1'));
  await world.put(update('versions', 'a1-v1', { settings: { ...versionSettings(), ...settings } }));
  await world.open();
  const sent = answering(world, reply);
  await world.addToList(ids, 'l1');
  world.now += HOUR;
  return { world, sent };
}

export function answering(world: World, reply: (sent: Sent, n: number) => Reply | Promise<Reply>): Sent[] {
  worlds.push(world);
  const sent: Sent[] = [];
  world.answer = (url, init) => {
    if (!url.endsWith('/v3/smtp/email')) return Promise.resolve({ status: 200, body: {} });
    const body = JSON.parse(String(init?.body)) as { to: [{ email: string }]; headers: { idempotencyKey: string } };
    const one = { to: body.to[0].email.split('@')[0] ?? '', key: body.headers.idempotencyKey };
    sent.push(one);
    return Promise.resolve(reply(one, sent.length - 1));
  };
  return sent;
}

export function versionSettings(): AutomationSettings {
  const [, version] = active(welcomeGraph);
  return (version?.create as { settings: AutomationSettings }).settings;
}

export async function statuses(world: World): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of await world.outbox()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
