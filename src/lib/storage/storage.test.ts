import { openStorage } from './dexie/storage';
import { MemoryStorage } from './memory';
import type { Capture } from './port';
import { describeStorage } from './testing/contract';

let databases = 0;

describeStorage('memory', async (capture) => new MemoryStorage(withCapture(capture)));
describeStorage('Dexie', (capture) => openStorage({ name: `contract-${++databases}`, ...withCapture(capture) }));

function withCapture(capture: Capture | undefined): { capture?: Capture } {
  return capture === undefined ? {} : { capture };
}
