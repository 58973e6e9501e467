import type { RemoteName } from './remote';

const DIGITS = 10;

/** The name of a device's batch on the remote. */
export function batchName(generation: number, device: string, number: number): RemoteName {
  return `g${generation}/${device}/${String(number).padStart(DIGITS, '0')}`;
}

/** Of which device a name is a batch, and which; null of another generation's, and of whatever else is there. */
export function batchOf(name: RemoteName, generation: number): { device: string; number: number } | null {
  const [prefix, device = '', number = '', ...more] = name.split('/');
  if (prefix !== `g${generation}` || !/^[0-9a-z]+$/.test(device) || !/^\d+$/.test(number) || more.length > 0)
    return null;
  return { device, number: Number(number) };
}

/** Whether it is a batch of an older generation. */
export function isOlder(name: RemoteName, generation: number): boolean {
  const of = /^g(\d+)\//.exec(name)?.[1];
  return of !== undefined && Number(of) < generation;
}

/** The name that a device puts after this one; null of a name without a number. */
export function nameAfter(name: RemoteName): RemoteName | null {
  const number = /\d+$/.exec(name)?.[0];
  if (number === undefined) return null;
  return name.slice(0, -number.length) + String(Number(number) + 1).padStart(number.length, '0');
}
