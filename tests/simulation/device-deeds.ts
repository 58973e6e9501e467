import fc from 'fast-check';
import { MINUTE, SECOND } from '$lib/core/instants';
import { liveTogether, type Place, type SimulatedDevice } from './devices';

const nth = (count: number) => fc.nat(count - 1);

/** What happens to one of several devices. */
export type Deed =
  | { readonly does: 'pass'; readonly days: number }
  | { readonly does: 'signUp'; readonly who: number }
  | { readonly does: 'edit' | 'erase'; readonly whom: number }
  | { readonly does: 'live'; readonly minutes: number }
  | { readonly does: 'sync' | 'cut' | 'sleep' | 'look' | 'runHere' | 'reopen' | 'remember' | 'restore' };

export const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.02, 0.1, 1, 90).map((days): Deed => ({ does: 'pass', days })) },
  { weight: 4, arbitrary: nth(4).map((who): Deed => ({ does: 'signUp', who })) },
  { weight: 3, arbitrary: nth(3).map((whom): Deed => ({ does: 'edit', whom })) },
  { weight: 1, arbitrary: nth(3).map((whom): Deed => ({ does: 'erase', whom })) },
  { weight: 4, arbitrary: fc.constantFrom(2, 6, 20).map((minutes): Deed => ({ does: 'live', minutes })) },
  { weight: 6, arbitrary: fc.constant<Deed>({ does: 'sync' }) },
  { weight: 4, arbitrary: fc.constant<Deed>({ does: 'look' }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('cut', 'cut', 'sleep', 'runHere', 'reopen', 'remember', 'restore').map((does): Deed => ({ does })) // prettier-ignore
  }
);

/** Signing up and erasing are of whoever keeps count of them. */
export async function done(device: SimulatedDevice, deed: Deed, { devices }: Place): Promise<void> {
  if (deed.does === 'edit') await device.edit(deed.whom, `v${deed.whom}`);
  else if (deed.does === 'live')
    await liveTogether(devices, deed.minutes * MINUTE, deed.minutes > 2 ? MINUTE : 20 * SECOND); // prettier-ignore
  else if (deed.does === 'sync') await device.sync();
  else if (deed.does === 'cut') device.isOnline = !device.isOnline;
  else if (deed.does === 'sleep') device.isAwake = !device.isAwake;
  else if (deed.does === 'look') await device.live();
  else if (deed.does === 'runHere') await device.runHere();
  else if (deed.does === 'reopen') await device.reopen();
  else if (deed.does === 'remember') await device.remember();
  else if (deed.does === 'restore') await device.restore();
}
