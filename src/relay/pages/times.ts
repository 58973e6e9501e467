import { base64ToBytes, isHmac } from '../signatures/hmac';

/** Nobody fills in a form faster, and a page that was open for longer is old. */
const SHORTEST = 1_500;
const LONGEST = 24 * 60 * 60_000;

/** The time at which a form was shown, which nobody else can make. `now` in epoch ms. */
export async function signedTime(key: string, formId: string, now: number): Promise<string> {
  const raw = new TextEncoder().encode(key);
  const signing = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', signing, new TextEncoder().encode(messageOf(formId, String(now))));
  return `${now}.${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
}

/** Whether it is one of ours for this form, and neither too young nor too old. */
export async function isTimely(key: string, formId: string, time: string, now: number): Promise<boolean> {
  const [, at = '', signature = ''] = /^(\d{1,15})\.([\w+/=]{1,100})$/.exec(time) ?? [];
  if (!(await isHmac('SHA-256', key, messageOf(formId, at), base64ToBytes(signature)))) return false;
  const age = now - Number(at);
  return age >= SHORTEST && age <= LONGEST;
}

function messageOf(formId: string, at: string): string {
  return `f.${formId}.${at}`;
}
