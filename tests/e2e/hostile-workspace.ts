/** Markup that would run, were it ever taken for markup; the words at its end tell where it was shown as text. */
export const hostile = (place: string): string =>
  `<img src=x onerror="top.hacked='${place}'"><script>top.hacked='${place}'</script> ${place}`;
export const HOSTILE_LINK = "javascript:top.hacked='link'";

const AT = Date.UTC(2027, 0, 5, 8);
const made = { createdAt: AT, updatedAt: AT };

/** A workspace file in which every text that somebody can give is hostile. */
export function hostileWorkspace(): unknown {
  const filters = {
    subject: { of: 'attribute', attributeId: 'FIRSTNAME' },
    kind: 'text',
    operator: 'is',
    value: hostile('valeur')
  };
  const step = (id: string, unit: string, fields: object, next: object) => ({ id, unit, version: 1, fields, next });
  const graph = {
    triggers: [
      { id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l1'] } },
      { id: 't2', unit: 'contact.in_segment', version: 1, fields: { segmentId: 'g1' } },
      { id: 't3', unit: 'custom.event', version: 1, fields: { name: hostile('événement') } }
    ],
    entry: 's1',
    steps: [
      step('s1', 'contact.assign_user', { userIds: ['u1'], existing: 'keep' }, { next: 's2' }),
      step('s2', 'deal.create', { pipelineId: 'pi1', stageId: 'st1', namePrefix: hostile('préfixe') }, { next: 's3' }),
      step('s3', 'contact.update_attribute', { assignment: { attributeId: 'FIRSTNAME', value: { from: 'fixed', value: hostile('fixe') } } }, { next: 's4' }), // prettier-ignore
      step('s4', 'webhook.call', { method: 'POST', url: HOSTILE_LINK, headers: [], body: hostile('corps') }, { sent: 's5', failed: null }), // prettier-ignore
      step(
        's5',
        'rule.split',
        { branches: [{ id: 'a', name: hostile('branche'), filters }] },
        { a: null, default: null }
      )
    ],
    notes: [{ id: 'n1', text: hostile('note'), position: { x: 0, y: 0 } }]
  };
  const settings = { reentry: { mode: 'once' }, exit: [], restart: [], sendWindow: null, frequencyCap: null };
  const activeGraph = {
    triggers: [{ id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l1'] } }],
    entry: 's1',
    steps: [step('s1', 'email.send', { templateId: 'm1', senderId: 'e1' }, { sent: null, failed: null })],
    notes: []
  };
  const journey = (id: string, fields: object) => ({ id, automationId: 'a2', versionId: 'v2', contactId: 'c1', enteredAt: AT, since: AT, visits: { s1: 1 }, event: { id: 'ev1', type: 'contact.added_to_list', occurredAt: AT, properties: { listId: 'l1' } }, sends: [], seed: 1, entries: [{ at: AT, kind: 'entered', stepId: null }, { at: AT, kind: 'moved', stepId: 's1', branch: 'sent' }], seq: 0, moves: 0, ...fields }); // prettier-ignore
  const send = (id: string, fields: object) => ({ id, dueAt: AT, createdAt: AT, contactId: 'c1', automationId: 'a2', enrolmentId: 'j1', stepId: 's1', visit: 1, accountId: null, request: { channel: 'email', kind: 'marketing', senderId: 'e1', from: { name: hostile('de'), email: 'e@exemple.fr' }, to: { name: hostile('à'), email: 'attaque@exemple.fr' }, subject: hostile('objet envoyé'), templateId: 'm1', emailName: hostile('modèle'), html: '<p>Bonjour</p>', text: 'Bonjour' }, attempts: 1, ...fields }); // prettier-ignore
  const event = (id: string, type: string, properties: object) => ({ id, type, contactId: 'c1', occurredAt: AT, receivedAt: AT, properties, source: 'app' }); // prettier-ignore
  const field = (id: string, asks: object) => ({ id, asks, label: hostile(`champ ${id}`), help: hostile(`aide ${id}`), required: false }); // prettier-ignore
  return {
    format: 'ricochet-workspace',
    version: 1,
    exportedAt: '2027-01-05T08:00:00Z',
    settings: {
      id: 'workspace',
      name: hostile('espace'),
      language: 'fr',
      timeZone: 'Europe/Paris',
      country: 'FR',
      sendWindow: null,
      frequencyCap: null,
      sourceAllowance: 86_400_000,
      createdAt: AT
    },
    contacts: [
      {
        id: 'c1',
        email: 'attaque@exemple.fr',
        attributes: { FIRSTNAME: hostile('prénom'), LASTNAME: hostile('nom'), GENRE: 'o1' },
        listIds: ['l1'],
        listedAt: { l1: AT },
        ownerId: 'u1',
        companyId: 'co1',
        ...made
      }
    ],
    identities: [{ kind: 'email', value: 'attaque@exemple.fr', contactId: 'c1' }],
    lists: [{ id: 'l1', name: hostile('liste'), createdAt: AT }],
    segments: [
      { id: 'g1', name: hostile('segment'), filters, ...made },
      { id: 'g2', name: hostile('segment perdu'), filters: { subject: { of: 'attribute', attributeId: 'GONE' }, kind: 'text', operator: 'is', value: 'x' }, ...made } // prettier-ignore
    ],
    attributes: [
      { id: 'FIRSTNAME', name: hostile('attribut prénom'), kind: 'text', createdAt: AT },
      { id: 'LASTNAME', name: 'Nom', kind: 'text', createdAt: AT },
      { id: 'GENRE', name: hostile('attribut genre'), kind: 'choice', options: [{ id: 'o1', name: hostile('choix') }], createdAt: AT } // prettier-ignore
    ],
    companyAttributes: [{ id: 'SIZE', name: hostile('attribut entreprise'), kind: 'text', createdAt: AT }],
    dealAttributes: [{ id: 'BUDGET', name: hostile('attribut opportunité'), kind: 'text', createdAt: AT }],
    users: [{ id: 'u1', name: hostile('utilisateur'), createdAt: AT }],
    companies: [
      { id: 'co1', name: hostile('entreprise'), attributes: { SIZE: hostile('taille') }, ownerId: 'u1', ...made }
    ],
    pipelines: [{ id: 'pi1', name: hostile('pipeline'), stages: [{ id: 'st1', name: hostile('étape'), outcome: 'open' }], createdAt: AT }], // prettier-ignore
    deals: [
      {
        id: 'd1',
        name: hostile('opportunité'),
        pipelineId: 'pi1',
        stageId: 'st1',
        stagedAt: AT,
        ownerId: 'u1',
        contactIds: ['c1'],
        companyId: 'co1',
        attributes: { BUDGET: hostile('budget') },
        notes: [{ id: 'n1', text: hostile('note'), at: AT }],
        ...made
      }
    ],
    taskTypes: [{ id: 'ty1', name: hostile('type'), createdAt: AT }],
    tasks: [{ id: 'ta1', title: hostile('tâche'), typeId: 'ty1', note: hostile('note'), contactId: 'c1', dealId: 'd1', ownerId: 'u1', ...made }], // prettier-ignore
    forms: [
      {
        id: 'f1',
        name: hostile('formulaire'),
        type: 'sign_up',
        title: hostile('titre'),
        intro: hostile('introduction'),
        fields: [field('mail', { for: 'email' }), field('attr', { for: 'attribute', attributeId: 'FIRSTNAME' }), field('genre', { for: 'attribute', attributeId: 'GENRE' })], // prettier-ignore
        listIds: ['l1'],
        consent: hostile('accord'),
        button: hostile('bouton'),
        thanks: hostile('merci'),
        ...made
      }
    ],
    programs: [
      {
        id: 'p1',
        name: hostile('programme'),
        balances: [{ id: 'b1', name: hostile('solde'), minimum: null, maximum: null, expiry: null }],
        tierBalanceId: 'b1',
        tiers: [{ id: 'ti1', name: hostile('palier'), threshold: 1 }],
        rules: [{ id: 'r1', name: hostile('règle'), event: 'order.created', filters: null, balanceId: 'b1', earns: { by: 'fixed', points: 1 } }], // prettier-ignore
        joinsByEarning: true,
        createdAt: AT
      }
    ],
    memberships: [{ id: 'p1/c1', programId: 'p1', contactId: 'c1', joinedAt: AT, tierId: 'ti1', balances: { b1: 5 } }],
    ledger: [{ id: 'le1', membershipId: 'p1/c1', programId: 'p1', contactId: 'c1', balanceId: 'b1', type: 'earned', value: 5, balance: 5, at: AT, reason: hostile('raison'), left: 5 }], // prettier-ignore
    vouchers: [{ id: 'v1', programId: 'p1', contactId: 'c1', code: 'NOEL', label: hostile('bon'), createdAt: AT }],
    templates: [
      { id: 'm1', name: hostile('modèle'), channel: 'email', subject: hostile('objet'), preheader: '', source: { editor: 'html' }, html: '<p>Bonjour</p>', ...made }, // prettier-ignore
      {
        id: 'm2',
        name: hostile('modèle en blocs'),
        channel: 'email',
        subject: hostile('objet en blocs'),
        preheader: '',
        source: {
          editor: 'blocks',
          blocks: [
            { id: 'b1', type: 'heading', text: hostile('bloc titre') },
            { id: 'b2', type: 'text', text: hostile('bloc texte') },
            { id: 'b3', type: 'button', text: hostile('bloc bouton'), url: HOSTILE_LINK },
            { id: 'b4', type: 'products', from: 'order' },
            { id: 'b5', type: 'heading', text: '' }
          ]
        },
        html: '<p>Bonjour</p>',
        ...made
      }
    ],
    smsTemplates: [{ id: 'sm1', name: hostile('modèle sms'), text: hostile('sms'), ...made }],
    pushTemplates: [{ id: 'pu1', name: hostile('modèle push'), title: hostile('push'), body: hostile('corps'), url: HOSTILE_LINK, imageUrl: HOSTILE_LINK, ...made }], // prettier-ignore
    senders: [{ id: 'e1', name: hostile('expéditeur'), email: 'e@exemple.fr', accountId: null, createdAt: AT }],
    inboxSources: ['stripe', 'generic', 'tracker'].map((kind) => ({ id: kind.padEnd(24, 'x'), kind, name: hostile(`service ${kind}`), createdAt: AT })), // prettier-ignore
    optIns: [{ id: 'oi1', formId: 'f1', address: `${hostile('adresse')}@exemple.fr`, values: { email: hostile('adresse') }, consent: true, handedInAt: AT, asked: 1, askedAt: AT, dueAt: 9e14 }], // prettier-ignore
    quarantine: [{ id: 'q1', sourceId: 'relay.inbox:ac2', kind: 'stripe', receivedAt: AT, contentType: 'text/plain', body: hostile('envoi'), reason: { key: 'words.inbox.no_json' } }], // prettier-ignore
    accounts: [{ id: 'ac2', provider: 'relay', name: hostile('relais'), fields: { url: 'https://relais.example' }, createdAt: AT }, { id: 'ac1', provider: 'email.brevo', name: hostile('compte'), fields: { baseUrl: 'https://brevo.example' }, paused: { reason: { key: 'words.provider.key_refused', params: { provider: 'Brevo' } }, since: AT, until: null }, createdAt: AT }], // prettier-ignore
    automations: [
      { id: 'a1', name: hostile('automatisation'), status: 'draft', activeVersionId: null, draft: { graph, settings }, ...made }, // prettier-ignore
      { id: 'a2', name: hostile('automatisation publiée'), status: 'active', activeVersionId: 'v2', draft: { graph: activeGraph, settings }, ...made } // prettier-ignore
    ],
    versions: [
      { id: 'v1', automationId: 'a2', number: 1, publishedAt: AT, graph: activeGraph, settings },
      { id: 'v2', automationId: 'a2', number: 2, publishedAt: AT, graph: activeGraph, settings }
    ],
    enrolments: [
      journey('j1', { status: 'completed', stepId: null, endedAt: AT }),
      journey('j2', { status: 'waiting', stepId: 's1', wait: { for: 'person', reason: { key: 'words.outbox.adapter_failed' } } }) // prettier-ignore
    ],
    statistics: [{ id: 'v2 s1 completed', automationId: 'a2', versionId: 'v2', stepId: 's1', what: 'completed', count: 1 }], // prettier-ignore
    outbox: [
      send('o1', { status: 'sent', sentAt: AT, messageId: 'x1' }),
      send('o2', { status: 'failed', reason: { key: 'words.outbox.adapter_failed' } }),
      send('o3', { status: 'uncertain', enrolmentId: 'j2', doubtSince: AT, reason: { key: 'words.outbox.cut_off' } })
    ],
    imports: [
      { id: 'i1', fileName: hostile('fichier'), status: 'done', listId: 'l1', duplicates: 'update', mapping: {}, rowsDone: 2, created: 1, updated: 0, skipped: 0, rejectedCount: 1, rejected: [{ line: 2, key: 'words.import.unclosed_quote', raw: hostile('ligne') }], startedAt: AT, endedAt: AT } // prettier-ignore
    ],
    events: [
      event('ev1', 'custom.event', { name: hostile('événement'), [hostile('propriété')]: hostile('valeur') }),
      event('ev2', 'page.visited', { url: HOSTILE_LINK, title: hostile('page'), referrer: HOSTILE_LINK }),
      event('ev3', 'order.created', { orderId: hostile('commande'), items: [{ name: hostile('produit'), url: HOSTILE_LINK, image: HOSTILE_LINK }] }), // prettier-ignore
      event('ev4', 'form.submitted', { formId: 'f1', formName: hostile('formulaire'), formType: 'sign_up', fields: { [hostile('question')]: hostile('réponse') } }), // prettier-ignore
      event('ev5', 'conversation.message_received', { conversationId: 'x', source: 'email', text: hostile('message'), direction: 'from_contact' }) // prettier-ignore
    ]
  };
}
