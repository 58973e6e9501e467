import type { PersonalData } from '$lib/records/contacts/personal-data';
import type { WorkspaceView } from '$lib/core/tables';
import { journalOf } from '$lib/engine/journal';
import { dateTime, list, locale, m, money, number, words } from '$lib/i18n';
import { attributeText, contactName } from '../contacts/contact-words';
import { eventTitle, propertiesOf } from '../events/event-words';
import { recipientOf, requestTitle } from '../shared/request-words';

type Tables = PersonalData['tables'];

/**
 * One page in the user's language that says all that is held of a person, with the same as JSON inside. It runs no script and loads
 * nothing; whatever somebody has typed is text in it.
 */
export function personalFile(data: PersonalData, view: WorkspaceView): { name: string; html: string } {
  const [contact] = data.tables.contacts;
  const name = contact ? contactName(contact) : data.contactId;
  const title = m['personal.title']({ name });
  const workspace = view.settings.get('workspace')?.name ?? '';
  const at = dateTime(Date.parse(data.exportedAt));
  const json = `data:application/json;base64,${base64(JSON.stringify(data, null, 2))}`;
  const file = m['personal.fileName']({ name: name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') });
  const html = `<!doctype html>
<html lang="${locale()}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<p>${escaped(workspace === '' ? m['personal.leadNameless']({ at }) : m['personal.lead']({ at, workspace }))}</p>
<p>${escaped(m['personal.jsonText']())}</p>
<p><a download="${escaped(file)}.json" href="${json}">${escaped(m['personal.json']())}</a></p>
${sectionsOf(data.tables, view).map(sectionHtml).join('\n')}
</body></html>
`;
  return { name: `${file}.html`, html };
}

interface Section {
  readonly title: string;
  /** Cells of each row. */
  readonly rows: readonly (readonly string[])[];
}

function sectionsOf(tables: Tables, view: WorkspaceView): Section[] {
  const { events, identities, reactions, deals, tasks } = tables;
  const nameOf = (rows: ReadonlyMap<string, { name: string }>, id: string): string => rows.get(id)?.name ?? id;
  const stages = new Map([...view.pipelines.values()].flatMap(({ stages: all }) => all.map((one) => [one.id, one])));
  return [
    { title: m['personal.contact'](), rows: detailsOf(tables, view) },
    { title: m['personal.identities'](), rows: identities.map(({ kind, value }) => [kind, value]) },
    {
      title: m['personal.events'](),
      rows: byTime(events, ({ occurredAt }) => occurredAt).map((event) => [
        dateTime(event.occurredAt),
        eventTitle(event),
        propertiesOf(event, view).map(({ label, value }) => `${label} : ${value}`).join('\n') // prettier-ignore
      ])
    },
    { title: m['personal.journeys'](), rows: journeysOf(tables, view) },
    { title: m['personal.messages'](), rows: messagesOf(tables) },
    {
      title: m['personal.reactions'](),
      rows: reactions.map(({ at, kind, url }) => [dateTime(at), kind, url ?? ''])
    },
    {
      title: m['personal.deals'](),
      rows: deals.map((deal) => [
        deal.name,
        nameOf(stages, deal.stageId),
        deal.amount ? money(deal.amount) : '',
        deal.notes.map(({ at, text }) => `${dateTime(at)} : ${text}`).join('\n')
      ])
    },
    {
      title: m['personal.tasks'](),
      rows: tasks.map(({ title, note, dueAt }) => [title, dueAt === undefined ? '' : dateTime(dueAt), note])
    },
    { title: m['personal.loyalty'](), rows: loyaltyOf(tables, view) },
    { title: m['personal.rest'](), rows: restOf(tables) }
  ];
}

function detailsOf({ contacts }: Tables, view: WorkspaceView): string[][] {
  return contacts.flatMap((contact) => {
    const attributes = Object.entries(contact.attributes).map(([id, value]) => {
      const attribute = view.attributes.get(id);
      return [attribute?.name ?? id, attribute ? (attributeText(attribute, value) ?? '') : String(value)];
    });
    const lists = contact.listIds.map((id) => {
      const at = contact.listedAt[id];
      return [view.lists.get(id)?.name ?? id, at === undefined ? '' : dateTime(at)].filter(Boolean).join(' · ');
    });
    const isRefused = contact.blocklist?.campaigns === true;
    return [
      [m['contacts.email'](), contact.email ?? ''],
      [m['contacts.phone'](), contact.phone ?? ''],
      [m['contacts.externalId'](), contact.externalId ?? ''],
      ...attributes,
      [m['contacts.lists'](), lists.join('\n')],
      [m['personal.marketing'](), isRefused ? m['personal.refused']() : m['personal.allowed']()],
      [m['contacts.added'](), dateTime(contact.createdAt)]
    ].filter(([, value]) => value !== '');
  });
}

function journeysOf({ enrolments, journal }: Tables, view: WorkspaceView): string[][] {
  return byTime(enrolments, ({ enteredAt }) => enteredAt).map((enrolment) => {
    const blocks = journal.filter(({ enrolmentId }) => enrolmentId === enrolment.id).sort((a, b) => a.seq - b.seq);
    const said = journalOf(enrolment, blocks).flatMap(({ at, words: text }) =>
      text ? [`${dateTime(at)} : ${words(text)}`] : []
    );
    const name = view.automations.get(enrolment.automationId)?.name ?? m['contact.automationGone']();
    return [dateTime(enrolment.enteredAt), name, words({ key: `journey.status.${enrolment.status}` }), said.join('\n')];
  });
}

function messagesOf({ outbox }: Tables): string[][] {
  return byTime(outbox, ({ createdAt }) => createdAt).map(({ createdAt, sentAt, status, request }) => [
    dateTime(sentAt ?? createdAt),
    m['personal.by']({ channel: request.channel, to: recipientOf(request) }),
    words({ key: `contact.outbox.${status}` }),
    [requestTitle(request), 'text' in request ? request.text : 'body' in request ? request.body : ''].filter(Boolean).join('\n') // prettier-ignore
  ]);
}

function loyaltyOf({ memberships, ledger, vouchers }: Tables, view: WorkspaceView): string[][] {
  const programOf = (id: string): string => view.programs.get(id)?.name ?? id;
  return [
    ...memberships.map(({ programId, joinedAt, balances }) => [
      dateTime(joinedAt),
      programOf(programId),
      list(Object.values(balances).map((points) => number(points)))
    ]),
    ...ledger.map(({ at, programId, value, reason }) => [
      dateTime(at),
      programOf(programId),
      [number(value, { signDisplay: 'always' }), reason].filter(Boolean).join(' · ')
    ]),
    ...vouchers.map(({ createdAt, programId, code, label }) => [
      dateTime(createdAt),
      programOf(programId),
      `${code} · ${label}`
    ])
  ];
}

/** What is in the app's own books: lines of imports as they were, of the others how many there are. */
function restOf({ imports, importBlocks, rollups, checkMembers, intents }: Tables): string[][] {
  const counted = { importBlocks, rollups, checkMembers, intents };
  return [
    ...imports.flatMap(({ fileName, rejected }) =>
      rejected.map(({ line, raw }) => [m['personal.imports']({ file: fileName, line: number(line), raw })])
    ),
    ...Object.entries(counted).flatMap(([table, rows]) =>
      rows.length === 0 ? [] : [[m['personal.rows']({ table, count: number(rows.length) })]]
    )
  ];
}

function byTime<T>(rows: readonly T[], at: (row: T) => number): T[] {
  return [...rows].sort((one, other) => at(other) - at(one));
}

function sectionHtml({ title, rows }: Section): string {
  const body =
    rows.length === 0
      ? `<p>${escaped(m['personal.none']())}</p>`
      : `<table>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
  return `<h2>${escaped(title)}</h2>${body}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  // Too many arguments at once are too many for the stack.
  for (let at = 0; at < bytes.length; at += 8_192) binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(binary);
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d1f2b;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
td{border-top:1px solid #ddd;padding:.4rem .75rem .4rem 0;vertical-align:top;white-space:pre-line;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#eee;background:#16171d}td{border-color:#444}a{color:#9db4ff}}`;
