import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { HEADER } from './header';
import type { Remote } from './remote';

/** Other devices change the header seldom: who loses this often should look again later. */
const ATTEMPTS = 5;

/** Puts the first header there. Refused where there is one: that workspace is joined, never overwritten. */
export async function putHeader(remote: Remote, bytes: Uint8Array): Promise<Result<void>> {
  const answer = await remote.write(HEADER, bytes, null);
  if (!answer.ok) return answer;
  return answer.value === 'conflict' ? failed(words('words.sync.one_there')) : ok(undefined);
}

/** Changes the header that is there, once more where another device was quicker. Returns it as it was written. */
export async function changeHeader(
  remote: Remote,
  change: (bytes: Uint8Array) => Promise<Result<Uint8Array>>
): Promise<Result<Uint8Array>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await remote.read(HEADER);
    if (!found.ok) return found;
    if (found.value === null) return failed(words('words.sync.none_there'));
    const changed = await change(found.value.bytes);
    if (!changed.ok) return changed;
    const answer = await remote.write(HEADER, changed.value, found.value.revision);
    if (!answer.ok) return answer;
    if (answer.value !== 'conflict') return changed;
  }
  return failed(words('words.sync.contended'));
}
