import { liveQuery } from 'dexie';
import { v4 as randomId, v7 as timeOrderedId } from 'uuid';
import { create } from '$lib/core/changes';
import type { FilterTree } from '$lib/core/filter-tree';
import { SECOND } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import { m } from '$lib/i18n/paraglide/content/messages.js';
import { sweepRestores } from '$lib/storage/backup/restore';
import { MetaDatabase } from '$lib/storage/dexie/meta';
import { contactOrder, isNews, NEWEST_FIRST } from '$lib/storage/dexie/queries';
import type { Leaving } from '$lib/storage/dexie/leaving';
import { openStorage, type DexieStorage } from '$lib/storage/dexie/storage';
import type { KeyNews } from '$lib/storage/keys/key-ring';
import { Keys } from '$lib/storage/keys/keys';
import type { Storage } from '$lib/storage/port';
import { syncCapture } from '$lib/sync/capture';
import { remotes } from '$lib/sync/remotes/registry';
import type { WorkerApi } from './api';
import type { ContactChoice } from './drafts';
import { ScheduledBackups } from './backup/scheduled';
import { SharedBackups } from './backup/shared';
import { workspaceFiles } from './backup/workspace';
import { crmDefaults } from './defaults';
import { Desk } from './desk';
import { accountEdits } from './edits/accounts';
import { attentionEdits } from './edits/attention';
import { attributeEdits } from './edits/attributes';
import { automationEdits } from './edits/automations';
import { companyEdits } from './edits/companies';
import { contactEdits } from './edits/contacts';
import { dealEdits } from './edits/deals';
import { eventEdits } from './edits/events';
import { formEdits } from './edits/forms';
import { inboxEdits } from './edits/inbox';
import { listEdits } from './edits/lists';
import { loyaltyEdits, programEdits } from './edits/loyalty';
import { mailboxEdits } from './edits/mailbox';
import { senderEdits, templateEdits } from './edits/messages';
import { outboxEdits } from './edits/outbox';
import { pipelineEdits, taskTypeEdits } from './edits/pipelines';
import { pushTemplateEdits, smsSenderEdits, smsTemplateEdits } from './edits/phone-messages';
import { secretEdits } from './edits/secrets';
import { segmentEdits } from './edits/segments';
import { settingsEdits } from './edits/settings';
import { taskEdits } from './edits/tasks';
import { userEdits } from './edits/users';
import { startEngine } from './engine';
import { loadExample, removeExample } from './example';
import { freeLocked } from './freeing';
import { cancelImport, previewImport, resumeImport, runImport, undoImport, type ImportPorts } from './imports';
import { matchingContacts } from './matching';
import { givenBy } from './parts';
import { given, partsOf, remoteFetch, runnerName } from './platform';
import { Removals } from './removals';
import { Simulator } from './simulator/simulator';
import { chooseSide, conflictsOf } from './syncing/conflicts';
import { Connecting, type SharingNews } from './syncing/connecting';
import { trustClock } from './syncing/setting-right';
import { Syncing } from './syncing/syncing';

/** Puts the app together: the platform's clock, ids, network and locks, the database that is the workspace, the engine, the edits. */
export async function assemble(leaving: Leaving): Promise<WorkerApi> {
  const meta = new MetaDatabase();
  leaving.follow(meta);
  await sweepRestores(meta);
  const name = await meta.currentName();
  const storage = await openStorage({ name, capture: syncCapture(given), leaving });
  await settle(storage);
  // Beside the channel of the database, which a restore replaces: keys belong to the device.
  const tabs = new BroadcastChannel('ricochet keys');
  const keys = new Keys(
    storage,
    meta,
    () => timeOrderedId(),
    (news) => tabs.postMessage(news)
  );
  const parts = partsOf(storage, keys);
  const channel = new BroadcastChannel(`ricochet ${name}`);
  const { lease, right, runner, look, asked, start } = startEngine(parts, {
    locks: navigator.locks,
    name: runnerName(name),
    tellOthers: () => channel.postMessage('look'),
    // Until now another tab did it, which may have slept since.
    gained: () => syncing.soon()
  });
  channel.onmessage = ({ data }) => {
    if (data === 'look') asked();
  };
  const desk = new Desk(parts, right, look);
  const syncing = new Syncing(parts, {
    vault: keys,
    newDevice: newDeviceName,
    right: lease,
    runs: () => right.isHeld,
    took: look,
    alone: (work) => navigator.locks.request(`ricochet sync ${name}`, work),
    watch: (changed) => {
      const log = liveQuery(() => storage.database.syncLog.filter(isNews).count()).subscribe((waiting) => {
        if (waiting > 0) changed();
      });
      return () => log.unsubscribe();
    }
  });
  const sharing = new BroadcastChannel(`ricochet sharing ${name}`);
  const connecting = new Connecting({
    storage,
    now: parts.now,
    fetch: remoteFetch,
    remotes,
    vault: keys,
    syncing,
    right,
    newName: newDeviceName,
    tellOthers: (news) => sharing.postMessage(news)
  });
  sharing.onmessage = ({ data }: MessageEvent<SharingNews>) =>
    void (data === 'changed' ? connecting.resume() : right.ask());
  tabs.onmessage = async ({ data }: MessageEvent<KeyNews>) => {
    const isOpened = await keys.hear(data);
    if (isOpened) await freeLocked(desk);
    if (isOpened || data === 'locked') await connecting.resume();
  };
  keys.ask();
  const unlocked = async (result: Promise<Result<void>>): Promise<Result<void>> => {
    const answer = await result;
    if (!answer.ok) return answer;
    await freeLocked(desk);
    await connecting.resume();
    return answer;
  };
  await connecting.resume();
  start();
  const stored = new SharedBackups({ ...parts, meta, newName: newDeviceName, shelf: () => connecting.shelf(), right });
  const backups = new ScheduledBackups({
    ...parts,
    meta,
    right: lease,
    shared: stored,
    alone: (work) => navigator.locks.request('ricochet-backup', work)
  });
  backups.start();
  const simulator = new Simulator(parts, { clock: () => performance.now(), pause: nextTask });
  return {
    status: async () => ({
      runner: lease.isHeld ? 'here' : 'elsewhere',
      online: parts.isOnline(),
      problem: lease.problem ?? right.problem,
      locked: await keys.isLocked(),
      passphrase: await keys.hasPassphrase(),
      passkey: await keys.passkey()
    }),
    look: async () => {
      look();
      // The network may be back, or a long sleep over.
      if (!lease.isHeld) return;
      syncing.soon();
      // A backup may be due since.
      void right.ask().then(() => backups.look());
    },
    settle: () => runner.look(),
    simulator: simulator.api,
    ...editsOf(desk, storage, keys),
    keys: {
      setPassphrase: (passphrase) => keys.setPassphrase(passphrase),
      unlock: (passphrase) => unlocked(keys.unlock(passphrase)),
      lock: async () => {
        await keys.lock();
        await connecting.resume();
      },
      addPasskey: (made, passphrase) => keys.addPasskey(made, passphrase),
      unlockByPasskey: (secret) => unlocked(keys.unlockByPasskey(secret)),
      removePasskey: () => keys.removePasskey()
    },
    sync: {
      kinds: (origin) => connecting.kinds(origin),
      examine: (place) => connecting.examine(place),
      connect: (place, given) => connecting.connect(place, given),
      disconnect: () => connecting.disconnect(),
      place: () => connecting.place(),
      openAnew: (passphrase) => connecting.openAnew(passphrase),
      changePassphrase: (passphrases) => connecting.changePassphrase(passphrases),
      revoke: (device, passphrase) => connecting.revoke(device, passphrase),
      rename: (name) => connecting.rename(name),
      runHere: () => connecting.runHere(),
      trustClock: async () => {
        await trustClock(storage);
        return syncing.now();
      },
      now: () => syncing.now(),
      conflicts: (automationId) => conflictsOf(storage, automationId),
      choose: (automationId, side) => chooseSide(storage, automationId, side, parts.now())
    },
    backups: {
      plan: (plan) => backups.plan(plan),
      forget: () => backups.forget(),
      run: () => backups.run(),
      stored: () => stored.stored(),
      fetch: (id, goesOn) => stored.fetch(id, goesOn),
      remove: (id) => stored.remove(id)
    },
    workspace: {
      loadExample: async (language, welcome) => {
        await loadExample(desk, language, welcome);
        return { ok: true, value: undefined };
      },
      removeExample: async () => {
        await removeExample(desk);
        return { ok: true, value: undefined };
      },
      ...workspaceFiles({
        storage,
        meta,
        keys,
        now: parts.now,
        newId: parts.newId,
        saved: () => backups.saved(),
        replaced: () => {
          lease.stop();
          new BroadcastChannel('ricochet').postMessage('restored');
        },
        merged: look
      })
    }
  };
}

function editsOf(desk: Desk, storage: DexieStorage, keys: Keys) {
  const { parts } = desk;
  const matching = async (filters: FilterTree): Promise<string[]> => {
    const found: string[] = [];
    for await (const { ids } of matchingContacts(storage, filters, parts.now())) found.push(...ids);
    return found;
  };
  const find = async (choice: ContactChoice): Promise<readonly string[]> => {
    if ('ids' in choice) return choice.ids;
    const { filters = null, ...shown } = choice;
    const among = filters === null ? null : new Set(await matching(filters));
    const ids = await contactOrder(storage.database, { ...shown, sort: NEWEST_FIRST });
    return among === null ? ids : ids.filter((id) => among.has(id));
  };
  const imports: ImportPorts = {
    storage,
    now: parts.now,
    newId: parts.newId,
    accept: async (transaction, effect) => desk.accept(transaction, effect, givenBy(parts))
  };
  const seal = (plain: string) => keys.encrypt(parts.newId(), plain);
  const nudged = async <T>(work: Promise<T>): Promise<T> => {
    const value = await work;
    desk.nudge();
    return value;
  };
  const removals = new Removals(desk);
  return {
    undo: (removal: string) => removals.undo(removal),
    contacts: contactEdits(desk, find, matching),
    segments: segmentEdits(desk, removals),
    imports: {
      preview: (file: File) => previewImport(storage, file),
      run: (file, plan) => nudged(runImport(imports, file, plan)),
      resume: (importId, file) => nudged(resumeImport(imports, importId, file)),
      cancel: (importId) => cancelImport(imports, importId),
      undo: (importId) => undoImport(imports, importId)
    } satisfies WorkerApi['imports'],
    lists: listEdits(desk, removals),
    attributes: attributeEdits(desk, removals, 'attributes'),
    companyAttributes: attributeEdits(desk, removals, 'companyAttributes'),
    dealAttributes: attributeEdits(desk, removals, 'dealAttributes'),
    users: userEdits(desk, removals),
    companies: companyEdits(desk, removals),
    pipelines: pipelineEdits(desk, removals),
    deals: dealEdits(desk, removals),
    tasks: taskEdits(desk, removals),
    taskTypes: taskTypeEdits(desk, removals),
    templates: templateEdits(desk, removals, parts.render),
    senders: senderEdits(desk, removals),
    smsTemplates: smsTemplateEdits(desk, removals, parts.render),
    pushTemplates: pushTemplateEdits(desk, removals, parts.render),
    smsSenders: smsSenderEdits(desk, removals),
    accounts: accountEdits(desk, seal),
    inbox: inboxEdits(desk, seal, newSecret),
    secrets: secretEdits(desk, seal),
    automations: automationEdits(desk, removals),
    events: eventEdits(desk),
    forms: formEdits(desk, removals),
    programs: programEdits(desk, removals),
    loyalty: loyaltyEdits(desk),
    mailbox: mailboxEdits(desk),
    attention: attentionEdits(desk, removals),
    outbox: outboxEdits(desk),
    settings: settingsEdits(desk)
  };
}

/** Small letters and digits that nobody guesses. */
function newSecret(): string {
  return randomId().replaceAll('-', '');
}

/** Small letters and digits that no other device of one user has. Short: they are part of every stamp. */
function newDeviceName(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => (byte % 36).toString(36)).join('');
}

/** After whatever else has come up in the meantime. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** A new workspace speaks the browser's language, keeps its time zone, and calls people by their names. */
async function settle(storage: Storage): Promise<void> {
  await storage.transact(async (transaction) => {
    const present = await transaction.get('settings', 'workspace');
    const language = present?.language ?? (navigator.language.startsWith('fr') ? 'fr' : 'en');
    await transaction.apply(await crmDefaults(transaction, language, Date.now()));
    if (present) return;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const country = /-([A-Z]{2})$/.exec(navigator.language)?.[1] ?? (language === 'fr' ? 'FR' : 'GB');
    const names = [
      { id: 'FIRSTNAME', name: m['example.firstname']({}, { locale: language }) },
      { id: 'LASTNAME', name: m['example.lastname']({}, { locale: language }) }
    ];
    await transaction.apply([
      ...names.map((name) => create('attributes', name.id, { ...name, kind: 'text', createdAt: Date.now() })),
      create('settings', 'workspace', {
        id: 'workspace',
        name: '',
        language,
        timeZone,
        country,
        sendWindow: null,
        frequencyCap: null,
        sourceAllowance: 24 * 3_600 * SECOND,
        createdAt: Date.now()
      })
    ]);
  });
}
