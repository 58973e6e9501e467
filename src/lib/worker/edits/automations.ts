import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { automationSettingsSchema, defaultSettings, emptyGraph, graphSchema } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Automation, AutomationStatus, SwitchChoice, Version } from '$lib/core/rows/automations';
import { words, type Words } from '$lib/core/words';
import { alreadyMeeting } from '$lib/engine/already';
import { checkGraph } from '$lib/engine/check';
import type { Transaction } from '$lib/storage/port';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { Desk, Edited } from '../desk';
import { becomesUncertain, isInDoubt } from '../giving-up';
import { goingAhead } from '../going-ahead';
import { holdJourneys } from '../holding';
import { endJourneys } from '../journeys';
import { isQueued, onTheirWay } from '../on-their-way';
import type { Parts } from '../parts';
import { rebased } from '$lib/sync/rebasing';
import type { Removals } from '../removals';
import { periodStatistics } from '../period-statistics';
import { earlierVersions, switchPreview, underWay } from '../switching';
import { namedRefusal } from './names';
import { placing } from './placing';

export function automationEdits(desk: Desk, removals: Removals): WorkerApi['automations'] {
  /** An edit of an automation that is there. */
  function onAutomation<T>(
    id: Id,
    work: (
      automation: Automation,
      transaction: Transaction,
      now: number
    ) => Promise<Result<Edited<T>>> | Result<Edited<T>>
  ): Promise<Result<T>> {
    return desk.tryEdit(async (transaction, { now }) => {
      const automation = await transaction.get('automations', id);
      return automation ? work(automation, transaction, now) : failed(words('words.automation.gone'));
    });
  }

  const becomes = (id: Id, now: number, set: Partial<Automation>): Effect => ({
    changes: [update('automations', id, { ...set, updatedAt: now })],
    events: []
  });

  return {
    statistics: (id, period) => periodStatistics(desk.parts.storage, id, period),
    create: (name) =>
      desk.edit((_, { now, newId }) => {
        const id = newId();
        const row: Automation = {
          id,
          name,
          status: 'draft',
          activeVersionId: null,
          draft: { graph: emptyGraph(), settings: defaultSettings() },
          createdAt: now,
          updatedAt: now
        };
        return Promise.resolve({ effect: { changes: [create('automations', id, row)], events: [] }, value: id });
      }),
    rename: (id, name) =>
      onAutomation(id, async (_, transaction, now) => {
        const { automations } = await transaction.view();
        const refused = namedRefusal([...automations.values()], name, id);
        return refused ? failed(refused) : ok({ effect: becomes(id, now, { name: name.trim() }), value: undefined });
      }),
    saveDraft: (id, wanted, from = wanted) =>
      onAutomation(id, (automation, _, now) => {
        if (!v.is(graphSchema, wanted.graph) || !v.is(automationSettingsSchema, wanted.settings))
          return failed(words('words.automation.broken_draft'));
        const together = from === wanted ? { draft: wanted } : rebased('automations', { draft: automation.draft }, { from: { draft: from }, to: { draft: wanted } }); // prettier-ignore
        if (together === null) return failed(words('words.automation.changed_meanwhile'));
        return ok({ effect: becomes(id, now, together), value: undefined });
      }),
    publish: (id, { existing = false, others = 'finish' } = {}) =>
      onAutomation(id, async (automation, transaction, now) => {
        const view = await transaction.view();
        const { graph, settings } = automation.draft;
        const errors = checkGraph(graph, settings, { catalogue: desk.parts.catalogue, view, automationId: id }).filter(
          ({ severity }) => severity === 'error'
        );
        if (errors[0])
          return failed(words('words.automation.has_problems', { count: errors.length, first: errors[0].words }));
        const numbers = [...view.versions.values()]
          .filter(({ automationId }) => automationId === id)
          .map(({ number }) => number);
        const versionNumber = Math.max(0, ...numbers) + 1;
        const versionId = desk.parts.newId();
        const filters = existing ? alreadyMeeting(graph, desk.parts.catalogue, view) : null;
        const version = { id: versionId, automationId: id, number: versionNumber, publishedAt: now, graph, settings };
        const changes: Change[] = [
          create('versions', versionId, version),
          ...becomes(id, now, {
            status: 'active',
            activeVersionId: versionId,
            problem: undefined,
            ...(filters ? { entering: { filters, after: '' } } : {}),
            ...(others === 'finish' ? {} : { switching: await switchingTo(transaction, version, others) })
          }).changes
        ];
        if (automation.status !== 'active') changes.push(...(await holdJourneys(transaction, id, false, now)));
        return ok({ effect: { changes, events: [] }, value: { versionNumber } });
      }),
    switchPreview: async (id, choice, target) =>
      desk.parts.storage.read(async (reader) => {
        const automation = await reader.get('automations', id);
        return automation ? switchPreview(reader, automation, choice, target, desk.parts) : [];
      }),
    goingAhead: (graph) =>
      desk.parts.storage.read(async (reader) => goingAhead(graph, await reader.view(), desk.parts, desk.parts.now())),
    switchJourneys: (id, choice) =>
      onAutomation(id, async ({ status, activeVersionId }, transaction, now) => {
        const version = await transaction.get('versions', activeVersionId ?? '');
        if (status !== 'active' || !version) return failed(words('words.automation.not_active'));
        const switching = await switchingTo(transaction, version, choice);
        return ok({ effect: becomes(id, now, { switching }), value: undefined });
      }),
    pause: (id) => changeStatus(id, ['active'], 'paused', words('words.automation.not_active')),
    resume: (id) => changeStatus(id, ['paused', 'archived'], 'active', words('words.automation.not_paused')),
    archive: (id) => changeStatus(id, ['active', 'paused', 'draft'], 'archived', words('words.automation.not_active')),
    unarchive: (id) =>
      onAutomation(id, ({ status, activeVersionId }, _, now) => {
        if (status !== 'archived') return failed(words('words.automation.not_archived'));
        const next = activeVersionId === null ? 'draft' : 'paused';
        return ok({ effect: becomes(id, now, { status: next }), value: undefined });
      }),
    duplicate: (id, name) =>
      onAutomation(id, (automation, _, now) => {
        const copyId = desk.parts.newId();
        const { draft } = automation;
        const copy: Automation = {
          id: copyId,
          name,
          status: 'draft',
          activeVersionId: null,
          draft,
          createdAt: now,
          updatedAt: now
        };
        return ok({ effect: { changes: [create('automations', copyId, copy)], events: [] }, value: copyId });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          const automation = await transaction.get('automations', id);
          if (!automation) return failed(words('words.automation.gone'));
          if (automation.status === 'active') return failed(words('words.automation.still_active'));
          return ok({
            effect: { changes: await automationRemoval(transaction, id, desk.parts), events: [] },
            value: undefined
          });
        })
      ),
    ...placing(desk, removals),
    exit: (enrolmentIds) =>
      desk.edit(async (transaction, { now }) => endJourneys(transaction, enrolmentIds, now, desk.parts))
  };

  function changeStatus(
    id: Id,
    from: readonly AutomationStatus[],
    to: AutomationStatus,
    refusal: Words
  ): Promise<Result<void>> {
    return onAutomation(id, async (automation, transaction, now) => {
      const hasVersion = automation.activeVersionId !== null || to === 'archived';
      if (!from.includes(automation.status) || !hasVersion) return failed(refusal);
      const changes = [
        ...becomes(id, now, { status: to, problem: undefined }).changes,
        ...(await holdJourneys(transaction, id, to !== 'active', now))
      ];
      return ok({ effect: { changes, events: [] }, value: undefined });
    });
  }
}

async function switchingTo(
  transaction: Transaction,
  version: Version,
  choice: SwitchChoice
): Promise<Automation['switching']> {
  const others = earlierVersions(await transaction.view(), version);
  return { to: version.id, choice, total: await underWay(transaction, others), done: 0 };
}

/**
 * All that belongs to an automation: versions, journeys, their journal, their counts, what they had still to send. What may have been
 * sent stays, like what was.
 */
export async function automationRemoval(
  transaction: Transaction,
  automationId: Id,
  parts: Pick<Parts, 'providers' | 'now'>
): Promise<Change[]> {
  const [versions, statistics] = await Promise.all([
    transaction.query('versions', { index: 'automationId', equals: automationId }),
    transaction.query('statistics', { index: 'automationId', equals: automationId })
  ]);
  const enrolments = await transaction.query('enrolments', { from: `${automationId}/`, to: `${automationId}/~` });
  const journal = await transaction.query('journal', { from: [`${automationId}/`], to: [`${automationId}/~`] });
  const outbox = await transaction.query('outbox', { from: `${automationId}/`, to: `${automationId}/~` });
  const away = await onTheirWay(transaction);
  const view = await transaction.view();
  const now = parts.now();
  return [
    remove('automations', automationId),
    ...versions.map(({ id }) => remove('versions', id)),
    ...statistics.map(({ id }) => remove('statistics', id)),
    ...enrolments.map(({ id }) => remove('enrolments', id)),
    ...journal.map(({ enrolmentId, seq }) => remove('journal', [enrolmentId, seq])),
    ...outbox
      .filter((row) => isQueued(row, away))
      .map((row) => (isInDoubt(row) ? becomesUncertain(row, view, parts, now) : remove('outbox', row.id)))
  ];
}
