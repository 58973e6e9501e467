import { NAME_HEADER, SHARED_CACHE } from '$lib/core/shared-files';

/** What a file is for: where it is imported. */
export type OpenedKind = 'contacts' | 'automations' | 'workspace';

interface LaunchQueue {
  setConsumer(take: (launch: { files?: readonly { getFile?: () => Promise<File> }[] }) => void): void;
}

/** Told by what it begins with, then by its type and name; null for any other file. */
export async function kindOf(file: File): Promise<OpenedKind | null> {
  const start = await file.slice(0, 500).text();
  const format = /"format"\s*:\s*"ricochet-(workspace|automations)"/.exec(start)?.[1];
  if (format !== undefined) return format as OpenedKind;
  if (/^\ufeff?\s*BEGIN:VCARD\s/i.test(start)) return 'contacts';
  const isOfContacts =
    /\.(csv|tsv|txt|vcf|vcard)$/i.test(file.name) || /^text\/(csv|comma-separated-values|(x-)?vcard)/.test(file.type);
  return isOfContacts ? 'contacts' : null;
}

/** The files that were shared to the app and that no page has taken: they are taken by this. Works without a network. */
export async function takeSharedFiles(): Promise<File[]> {
  // Absent where the page is not secure, whatever the types say.
  const stores = globalThis.caches as CacheStorage | undefined;
  if (!stores || !(await stores.has(SHARED_CACHE))) return [];
  const cache = await stores.open(SHARED_CACHE);
  const files: File[] = [];
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    // Two pages may ask at once: whose deletion counts has it.
    if (!answer || !(await cache.delete(request))) continue;
    const name = decodeURIComponent(answer.headers.get(NAME_HEADER) ?? '');
    files.push(new File([await answer.blob()], name, { type: answer.headers.get('content-type') ?? '' }));
  }
  return files;
}

/** Calls `take` with the files that the system opens with the app. */
export function onLaunch(take: (files: File[]) => void): void {
  const { launchQueue } = window as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files = [] }) => {
    void Promise.all(files.flatMap((handle) => handle.getFile?.() ?? [])).then((opened) => {
      if (opened.length > 0) take(opened);
    });
  });
}

/** A file on its way to the screen that imports it: it is taken once. */
let carried: { readonly kind: OpenedKind; readonly file: File } | null = null;

export function carry(kind: OpenedKind, file: File): void {
  carried = { kind, file };
}

export function takeCarried(kind: OpenedKind): File | null {
  if (carried?.kind !== kind) return null;
  const { file } = carried;
  carried = null;
  return file;
}
