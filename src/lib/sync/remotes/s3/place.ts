import { secret, text, url, type ValuesOf } from '$lib/core/fields';

/** Where the bucket is, and a key to it. Its address comes before the bucket's name ('path style'), which all such services know. */
export const fields = {
  url: url({ required: true }),
  region: text({ required: true, max: 64, initial: 'us-east-1' }),
  bucket: text({ required: true, max: 63, initial: 'ricochet' }),
  prefix: text({ max: 200 }),
  accessKeyId: text({ required: true, max: 128 }),
  secretAccessKey: secret({ required: true })
};

export type S3Place = ValuesOf<typeof fields>;

/** What stands before each name in the bucket. */
export function prefixOf({ prefix }: S3Place): string {
  const trimmed = prefix.trim().replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `${trimmed}/`;
}
