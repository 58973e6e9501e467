import { allBlocks } from '$lib/core/blocks';
import type { EmailBlock } from '$lib/core/rows/emails';
import { words, type Words } from '$lib/core/words';
import { PLACEHOLDER } from './markup';

/** Something a reader would stumble over. `blockId` null: of the email as a whole. */
export interface EmailProblem {
  readonly words: Words;
  readonly blockId: string | null;
}

export interface CheckedEmail {
  readonly subject: string;
  readonly preheader: string;
  readonly blocks: readonly EmailBlock[];
  /** Of an email written as HTML: its whole; empty where it is made of blocks. */
  readonly html: string;
  /** How large it is once compiled, in bytes; 0 while that is not known. */
  readonly bytes: number;
  /** Why it cannot be rendered, where it cannot. */
  readonly broken: Words | null;
}

/** Longer subjects are cut on phones, in characters. */
const LONGEST_SUBJECT = 60;
/** Gmail cuts what is larger, in bytes. */
const LARGEST_BYTES = 102_000;
/** Of a contact, besides its attributes. */
const DETAILS = new Set(['email', 'phone', 'externalId']);

/** All that is amiss with an email, in the order of its reading. `attributeIds`: what contacts have. */
export function emailProblems(email: CheckedEmail, attributeIds: ReadonlySet<string>): EmailProblem[] {
  const problems: EmailProblem[] = [];
  const say = (key: string, blockId: string | null, params?: Words['params']): void => {
    problems.push({ words: params ? words(key, params) : words(key), blockId });
  };
  const placeholders = (text: string, blockId: string | null): void => {
    for (const [liquid] of text.matchAll(new RegExp(PLACEHOLDER, 'g'))) {
      const attribute = /^\{\{-?\s*contact\.(\w+)/.exec(liquid)?.[1];
      if (attribute === undefined || DETAILS.has(attribute)) continue;
      if (!attributeIds.has(attribute)) say('words.email.unknown_attribute', blockId, { attribute });
      else if (!/\|\s*default\s*:/.test(liquid)) say('words.email.no_fallback', blockId, { attribute });
    }
  };

  if (email.broken) problems.push({ words: email.broken, blockId: null });
  if (email.subject.trim() === '') say('words.email.no_subject', null);
  else if (visibleLength(email.subject) > LONGEST_SUBJECT)
    say('words.email.long_subject', null, { longest: LONGEST_SUBJECT });
  placeholders(email.subject, null);
  placeholders(email.preheader, null);
  placeholders(email.html, null);
  for (const block of allBlocks(email.blocks)) {
    for (const key of blockProblems(block)) say(key, block.id);
    for (const text of textsOf(block)) placeholders(text, block.id);
  }
  if (email.bytes > LARGEST_BYTES) say('words.email.too_large', null);
  return problems;
}

function visibleLength(subject: string): number {
  return subject.replaceAll(new RegExp(PLACEHOLDER, 'g'), '').trim().length;
}

function blockProblems(block: EmailBlock): string[] {
  switch (block.type) {
    case 'image':
      if (block.url.trim() === '') return ['words.email.no_image'];
      return [
        ...(/^(https:|\{\{)/i.test(block.url.trim()) ? [] : ['words.email.image_not_https']),
        ...(block.alt.trim() === '' ? ['words.email.no_alt'] : [])
      ];
    case 'button':
      return isAddress(block.url) ? [] : ['words.email.no_link'];
    case 'social':
      return block.networks.length > 0 && block.networks.every(({ url }) => isAddress(url))
        ? []
        : ['words.email.no_network'];
    case 'html':
      return block.html.trim() === '' ? ['words.email.empty_html'] : [];
    default:
      return [];
  }
}

/** One that leads somewhere: a scheme alone does not. */
function isAddress(url: string): boolean {
  return /^((https?:\/\/|mailto:|tel:|sms:)[^\s]+|\{\{)/i.test(url.trim());
}

function textsOf(block: EmailBlock): string[] {
  switch (block.type) {
    case 'heading':
    case 'text':
      return [block.text];
    case 'button':
      return [block.text, block.url];
    case 'image':
      return [block.url, block.alt, block.href ?? ''];
    case 'products':
      return [block.title ?? ''];
    case 'html':
      return [block.html];
    default:
      return [];
  }
}
