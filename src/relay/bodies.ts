import * as v from 'valibot';

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** The body, or null where it is larger: what `content-length` says is believed only where it is too much. */
export async function bytesUpTo(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength;
    if (size > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(read.value);
  }
  return joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** The text, or null where the bytes are not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What the app sends, or null where it is not what the contract says. */
export async function sent<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
  limit = 16 * KIB
): Promise<v.InferOutput<Schema> | null> {
  const bytes = await bytesUpTo(request, limit);
  const parsed = v.safeParse(schema, bytes === null ? undefined : jsonOf(textOf(bytes)));
  return parsed.success ? parsed.output : null;
}

export function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
