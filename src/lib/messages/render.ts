import { Liquid, type Context, type Template as Parsed } from 'liquidjs';
import * as v from 'valibot';
import type { EmailContent, MessagePlace, Render } from '$lib/core/definitions';
import { majorUnits, moneySchema } from '$lib/core/money';
import { PROFILE_LINK } from '$lib/core/profile-link';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { Template } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { htmlToText } from './plain-text';
import { profileLinkOf } from './profile-link';
import { withStop } from './sms';
import { wayOutOf, type WayOut } from './way-out';

/** Texts that we add to messages, in the workspace's language. */
export interface MessageTexts {
  unsubscribe(language: 'fr' | 'en'): string;
  /** How to stop promotional SMS; holds the word STOP. */
  stop(language: 'fr' | 'en'): string;
}

interface ParsedEmail {
  readonly subject: Parsed[];
  readonly html: Parsed[];
  readonly text: Parsed[];
}

const LIMITS = { parseLimit: 2_000_000, renderLimit: 1_000, memoryLimit: 50_000_000 };
const COMMON = {
  ...LIMITS,
  strictFilters: true,
  strictVariables: false,
  ownPropertyOnly: true,
  jsTruthy: false
} as const;

/**
 * Renders Liquid. In HTML every value is escaped, since what contacts typed is data; `{{ contact.FIRSTNAME | default: 'toi' }}`
 * gives a value or what stands in for it. Parsed templates are kept for as long as their row stays the same object.
 */
export function createRender(texts: MessageTexts): Render {
  const html = new Liquid({ ...COMMON, outputEscape: 'escape' });
  const text = new Liquid(COMMON);
  for (const liquid of [html, text]) {
    liquid.registerFilter('money', function (this: { context: Context }, amount: unknown) {
      return moneyShown(amount, this.context.getSync(['workspace', 'language']) === 'en' ? 'en' : 'fr');
    });
  }
  const emails = new WeakMap<Template, Result<ParsedEmail>>();
  const parsedTexts = new Map<string, Result<Parsed[]>>();

  function parseEmail(template: Template): Result<ParsedEmail> {
    const kept = emails.get(template);
    if (kept) return kept;
    const parsed = attempt(() => ({
      subject: text.parse(template.subject),
      html: html.parse(template.html),
      text: text.parse(htmlToText(template.html))
    }));
    emails.set(template, parsed);
    return parsed;
  }

  function parseText(liquid: string): Result<Parsed[]> {
    const kept = parsedTexts.get(liquid);
    if (kept) return kept;
    const parsed = attempt(() => text.parse(liquid));
    if (parsedTexts.size > 200) parsedTexts.clear();
    parsedTexts.set(liquid, parsed);
    return parsed;
  }

  function renderText({ liquid, ...place }: MessagePlace & { liquid: string }): Result<string> {
    const parsed = parseText(liquid);
    return parsed.ok ? attempt(() => text.renderSync(parsed.value, scopeOf(place)) as string) : parsed;
  }

  return {
    email({ template, sender, kind, ...place }) {
      const parsed = parseEmail(template);
      if (!parsed.ok) return parsed;
      const wayOut = wayOutOf(sender, place.view, languageOf(place));
      const scope = {
        ...scopeOf(place),
        unsubscribe_url: wayOut.address,
        [PROFILE_LINK]: profileLinkOf(sender, place.view, languageOf(place)),
        sender: { name: sender.name, email: sender.email }
      };
      return attempt(() => {
        const content = {
          subject: oneLine(text.renderSync(parsed.value.subject, scope) as string),
          html: html.renderSync(parsed.value.html, scope) as string,
          text: text.renderSync(parsed.value.text, scope) as string
        };
        return kind === 'marketing'
          ? withUnsubscribe(content, wayOut, texts.unsubscribe(languageOf(place)))
          : { ...content, headers: {} };
      });
    },
    text: renderText,
    sms({ kind, ...place }) {
      const rendered = renderText(place);
      if (!rendered.ok) return rendered;
      const trimmed = rendered.value.trim();
      return ok(kind === 'promotional' ? withStop(trimmed, texts.stop(languageOf(place))) : trimmed);
    }
  };
}

function languageOf({ view }: MessagePlace): 'fr' | 'en' {
  return view.settings.get('workspace')?.language ?? 'fr';
}

function attempt<T>(work: () => T): Result<T> {
  try {
    return ok(work());
  } catch (error) {
    return failed(
      words('words.message.liquid', { problem: (error instanceof Error ? error.message : String(error)).slice(0, 200) })
    );
  }
}

/** What templates may name: `contact` (details and attributes), `event` (properties of the event that let the contact in). */
function scopeOf({ contact, event, view }: MessagePlace): Record<string, unknown> {
  const { email, phone, externalId } = contact;
  return {
    contact: { ...contact.attributes, ...shownChoices(contact, view), email, phone, externalId },
    event: event.properties,
    workspace: {
      name: view.settings.get('workspace')?.name ?? '',
      language: view.settings.get('workspace')?.language ?? 'fr'
    }
  };
}

/** `{{ item.price | money }}`: 12,50 €. What is no amount stays what it is. */
function moneyShown(amount: unknown, language: 'fr' | 'en'): unknown {
  if (!v.is(moneySchema, amount)) return amount;
  const { currency } = amount;
  return new Intl.NumberFormat(language, { style: 'currency', currency }).format(majorUnits(amount));
}

/** Choices are stored by id and read by name. */
function shownChoices(contact: Contact, view: MessagePlace['view']): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const attribute of view.attributes.values()) {
    const value = contact.attributes[attribute.id];
    if (value === undefined || !attribute.options) continue;
    const nameOf = (id: unknown): string => attribute.options?.find((option) => option.id === id)?.name ?? String(id);
    shown[attribute.id] = Array.isArray(value) ? value.map(nameOf) : nameOf(value);
  }
  return shown;
}

/** Headers must not be broken by a line feed in somebody's first name. */
function oneLine(subject: string): string {
  return subject.replace(/[\r\n]+/g, ' ').trim();
}

/** A marketing email has a way out in sight and in its headers; one is added where the template has none. */
function withUnsubscribe(
  content: Omit<EmailContent, 'headers'>,
  { address, headers }: WayOut,
  label: string
): EmailContent {
  if (content.html.includes(address)) return { ...content, headers };
  const footer = `<p style="font-family:sans-serif;font-size:12px;color:#6b6b76;text-align:center"><a href="${address}" style="color:#6b6b76">${label}</a></p>`;
  const closing = content.html.lastIndexOf('</body>');
  const html =
    closing < 0 ? content.html + footer : content.html.slice(0, closing) + footer + content.html.slice(closing);
  return { ...content, html, text: `${content.text}\n\n${label} (${address})`, headers };
}
