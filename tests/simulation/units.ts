import { catalogue } from '$lib/catalogue/registry';
import type { StepDefinition, TriggerDefinition } from '$lib/core/definitions';
import { initialValues } from '$lib/core/fields';
import { HOSTS } from './outside/outside';
import type { Random } from './random';

/*
 * Settings of units, taken from the units' own examples: these are tested to be valid, and a new unit comes with its own. Where an
 * example means something that is not in the simulated world, its own settings stand for it.
 */

type Fields = Readonly<Record<string, unknown>>;

/** A trigger with settings, and the properties of an event that enters by it. */
export interface TriggerChoice {
  readonly definition: TriggerDefinition;
  readonly fields: Fields;
  readonly properties: Fields;
}

const triggers = [...catalogue.triggers.values()];
const steps = [...catalogue.steps.values()];

export function someTrigger(random: Random, among: readonly TriggerDefinition[] = triggers): TriggerChoice {
  const definition = random.pick(among);
  const { fields, properties } = random.pick(definition.examples.filter(({ enters }) => enters));
  return {
    definition,
    fields: {
      ...initialValues(definition.fields),
      ...(fields as Fields),
      ...(DAILY.has(definition.id) ? { time: '09:30' } : {})
    },
    properties: properties
  };
}

const DAILY: ReadonlySet<string> = new Set(triggers.filter(({ daily }) => daily).map(({ id }) => id));

/** So that a batch of runs reaches all of them, each run has one trigger and one step by its number. */
export function triggerByNumber(random: Random, number: number): TriggerChoice {
  return someTrigger(random, triggers.slice(number % triggers.length).slice(0, 1));
}

export function stepByNumber(number: number): StepDefinition {
  return steps[number % steps.length] as StepDefinition;
}

/**
 * Steps that a graph is made from: those that change something countable, wait or send are more often met than others, and after a delay
 * (`before`) an email is, which may be handed over ahead.
 */
export function someStep(random: Random, before: string | null = null): StepDefinition {
  const often = [
    'contact.update_attribute',
    'rule.delay',
    'rule.wait_for_event',
    'email.send',
    'task.create',
    'contact.add_to_list'
  ];
  if (before === 'rule.delay' && random.chance(0.5)) return catalogue.steps.get('email.send') ?? random.pick(steps);
  const id = random.chance(0.55) ? random.pick(often) : random.pick(steps).id;
  return catalogue.steps.get(id) ?? random.pick(steps);
}

/** `others`: ids of automations and steps that a setting may name. */
export function stepFields(
  definition: StepDefinition,
  random: Random,
  others: { readonly automationId: string; readonly stepIds: readonly string[] }
): Fields {
  const example = { ...initialValues(definition.fields), ...(random.pick(definition.examples).fields as Fields) };
  switch (definition.id) {
    case 'rule.delay':
      return {
        duration: random.pick([
          { amount: 30, unit: 'minutes' },
          { amount: 2, unit: 'hours' },
          { amount: 1, unit: 'days' }
        ]),
        window: random.chance(0.2) ? { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' } : null
      };
    case 'rule.wait_for_event':
      return waitFields(random);
    case 'contact.update_attribute':
      return random.chance(0.7) ? COUNT : example;
    case 'automation.start':
      return { automationId: others.automationId };
    case 'automation.go_to_step':
      return { stepId: random.pick(others.stepIds) };
    case 'webhook.call':
      return { ...example, url: `${HOSTS.hook}/call`, onFailure: someFailure(random) };
    case 'email.send':
      return { ...example, type: random.pick(['marketing', 'transactional']), onFailure: someFailure(random) };
    case 'sms.send':
      return {
        ...example,
        senderId: 'p1',
        text: 'Bonjour',
        type: random.pick(['promotional', 'transactional']),
        onFailure: someFailure(random)
      };
    case 'push.send':
      return { ...example, templateId: 'n1', accountId: random.pick([null, 'push']), onFailure: someFailure(random) };
    case 'deal.create':
    case 'deal.duplicate':
      return { ...example, pipelineId: 'p1', stageId: 'new' };
    default:
      return 'onFailure' in definition.fields && 'accountId' in definition.fields
        ? { ...example, accountId: random.pick([null, 'wallet']), onFailure: someFailure(random) }
        : example;
  }
}

/** One more each time: what shows a step that was carried out twice, or not at all. */
const COUNT: Fields = { assignment: { attributeId: 'COUNTER', value: { from: 'add', amount: 1 } } };

/** Whether these are the settings of a step that counts, once a visit. */
export function counts(unit: string, fields: Fields): boolean {
  return (
    unit === 'contact.update_attribute' && (fields.assignment as { attributeId?: string }).attributeId === 'COUNTER'
  );
}

/** What waits wait for, with the settings of the wait where it has any, and the properties of an event that answers it. */
const AWAITED: Readonly<Record<string, { readonly settings?: Fields; readonly properties: Fields }>> = {
  'email.opened': { properties: { messageId: '<none>', emailName: 'Bienvenue', emailType: 'marketing', tag: '' } },
  'custom.event': { settings: { name: 'x', filters: null }, properties: { name: 'x' } },
  'order.created': { properties: { orderId: 'o1', total: { minor: 3_000, currency: 'EUR' } } },
  'contact.added_to_list': { settings: { listIds: ['l1', 'l2'] }, properties: { listId: 'l1' } },
  'email.link_clicked': {
    properties: {
      messageId: '<none>',
      emailName: 'Bienvenue',
      emailType: 'marketing',
      tag: '',
      url: 'https://atelier.fr/offre'
    }
  },
  'website.visited': { properties: { url: 'https://atelier.fr/tarifs' } },
  'contact.in_segment': {
    settings: { segmentId: 'g1', finds: 'each', time: '10:00', timeZone: '' },
    properties: { segmentId: 'g1' }
  }
};

/** The properties of an event that answers a wait for its type. */
export function answerProperties(type: string): Fields {
  return AWAITED[type]?.properties ?? {};
}

function waitFields(random: Random): Fields {
  const event = random.chance(0.5) ? 'email.opened' : random.pick(Object.keys(AWAITED).slice(1));
  return {
    event,
    settings: AWAITED[event]?.settings ?? {},
    limit: random.pick([
      null,
      { amount: 30, unit: 'minutes' },
      { amount: 1, unit: 'days' },
      { amount: 3, unit: 'days' }
    ]),
    window: random.pick(['auto', 'auto', 'last_send', 'step', 'entry'])
  };
}

function someFailure(random: Random): string {
  return random.pick(['continue', 'branch', 'exit', 'wait']);
}
