import type { BlockOf } from '$lib/core/rows/emails';
import type { Palette } from './email-style';
import { escapeText } from './markup';

/**
 * The items of the event that let the contact in, as Liquid: each with its picture, name, how many and the price. The tags of Liquid
 * stand only where text may stand in a table, since whoever reads the page moves text out of other places.
 */
export function productsHtml(
  { title, showPrice = true, buttonText }: BlockOf<'products'>,
  { text, muted, line, accent, onAccent }: Pick<Palette, 'text' | 'muted' | 'line' | 'accent' | 'onAccent'>,
  headingFont: string
): string {
  const heading =
    title === undefined || title.trim() === ''
      ? ''
      : `<h2 style="margin:0 0 12px;font-size:20px;line-height:1.25;font-family:${headingFont}">${escapeText(title.trim())}</h2>`;
  const name = `{% if item.url %}<a href="{{ item.url }}" style="color:${text};text-decoration:none">{{ item.name }}</a>{% else %}{{ item.name }}{% endif %}`;
  const price = `{% if item.price %}{{ item.price | money }}{% endif %}`;
  const table = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"';
  const picture = `<td class="row" width="88" valign="top" style="width:88px;padding:12px 16px 12px 0;border-top:1px solid ${line}"><img src="{{ item.image }}" alt="{{ item.name }}" width="72" style="display:block;width:72px;height:auto;border:0;border-radius:6px" /></td>`;
  const words = `<td class="row" valign="top" style="padding:12px 0;border-top:1px solid ${line};font-size:16px;line-height:1.4;color:${text}"><strong>${name}</strong>{% if item.quantity %}<br /><span class="muted" style="font-size:14px;color:${muted}">× {{ item.quantity }}</span>{% endif %}</td>`;
  const cost = `<td class="row" align="right" valign="top" style="padding:12px 0 12px 12px;border-top:1px solid ${line};font-size:16px;line-height:1.4;white-space:nowrap;color:${text}">${price}</td>`;
  const rowOf = (...cells: string[]) =>
    `<table ${table} style="width:100%"><tbody><tr>${cells.join('')}${showPrice ? cost : ''}</tr></tbody></table>`;
  // A row as a whole, with a picture or without: a cell cannot be left out from within the table.
  const row = `{% if item.image %}${rowOf(picture, words)}{% else %}${rowOf(words)}{% endif %}`;
  const button =
    buttonText === undefined || buttonText.trim() === ''
      ? ''
      : `{% if event.url %}<p style="margin:16px 0 0"><a href="{{ event.url }}" style="display:inline-block;padding:12px 24px;border-radius:6px;background-color:${accent};color:${onAccent} !important;font-weight:bold;text-decoration:none">${escapeText(buttonText.trim())}</a></p>{% endif %}`;
  return `{% if event.items[0] %}${heading}{% for item in event.items %}${row}{% endfor %}${button}{% endif %}`;
}
