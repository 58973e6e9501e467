import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { toBase64, toBytes } from '$lib/storage/keys/ciphers';
import type { MadePasskey, Passkey } from '$lib/storage/keys/passkey';

/* WebAuthn Level 3: a passkey of this site with the extension `prf`, by which it tells 32 bytes for a salt, always the same and to
   nobody else. They are not sent anywhere: there is no server that would check a signature. */

export type { Passkey };

/** This browser or authenticator has no such extension. */
const UNABLE = failed(words('words.keys.no_passkey'));
/** The person closed the browser's dialog, or it ran out. */
const REFUSED = failed(words('words.keys.passkey_refused'));

/** Whether to offer one at all. */
export function knowsPasskeys(): boolean {
  return 'PublicKeyCredential' in globalThis && isSecureContext;
}

/** Makes one, named for the person's own list of passkeys. */
export async function makePasskey(name: string): Promise<Result<MadePasskey>> {
  const salt = random(32);
  const credential = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Ricochet' },
        user: { id: random(16), name, displayName: name },
        challenge: random(32),
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
        extensions: { prf: { eval: { first: salt } } }
      }
    })
  );
  if (!credential.ok) return credential;
  const { prf } = credential.value.getClientExtensionResults();
  if (!prf?.enabled && !prf?.results) return UNABLE;
  const passkey = { credentialId: toBase64(new Uint8Array(credential.value.rawId)), salt: toBase64(salt) };
  // Many tell nothing as they are made: then they are asked.
  const told = prf.results ? ok(bytesOf(prf.results.first)) : await askPasskey(passkey);
  return told.ok ? ok({ ...passkey, secret: told.value }) : told;
}

/** What it tells for its salt. */
export async function askPasskey({ credentialId, salt }: Passkey): Promise<Result<ArrayBuffer>> {
  const credential = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: [{ type: 'public-key', id: toBytes(credentialId) }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: toBytes(salt) } } }
      }
    })
  );
  if (!credential.ok) return credential;
  const results = credential.value.getClientExtensionResults().prf?.results;
  return results ? ok(bytesOf(results.first)) : UNABLE;
}

async function asked(ask: () => Promise<Credential | null>): Promise<Result<PublicKeyCredential>> {
  try {
    const credential = await ask();
    return credential instanceof PublicKeyCredential ? ok(credential) : REFUSED;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return error.name === 'NotSupportedError' || error.name === 'SecurityError' ? UNABLE : REFUSED;
  }
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

function bytesOf(source: BufferSource): ArrayBuffer {
  const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer, source.byteOffset, source.byteLength); // prettier-ignore
  return Uint8Array.from(bytes).buffer;
}
