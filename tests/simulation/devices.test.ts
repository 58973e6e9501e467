import fc from 'fast-check';
import { test } from 'vitest';
import { devicesAgree } from './device-histories';

test('devices that are cut off, asleep, set back, or come back after months are equal in the end; one at a time runs the journeys, nothing leaves twice, and nothing is stuck', async () => {
  await fc.assert(devicesAgree(), process.env.PROPERTY_RUNS ? {} : { numRuns: 12 });
});
