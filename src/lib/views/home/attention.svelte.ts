import { backupSchedule } from '$lib/app/backup-schedule.svelte';
import { now } from '$lib/app/clock.svelte';
import { live } from '$lib/app/live.svelte';
import { contactCount, cursors, rowsByName, sendsToDecide, settings } from '$lib/app/queries';
import { isNearlyFull, space } from '$lib/app/space.svelte';
import { engineStatus } from '$lib/app/status.svelte';
import { isBackupDue } from '$lib/core/backup';
import { DAY } from '$lib/core/instants';
import { m, number, percent, relative, words } from '$lib/i18n';
import { address } from '../shared/address';

/** One thing that asks for a look, and what can be done. */
export interface Concern {
  readonly title: string;
  readonly text: string;
  readonly action: { readonly label: string; readonly href: string };
}

/** What needs the person, most pressing first. */
export class Attention {
  readonly #sends = live(sendsToDecide);
  readonly #accounts = live((database) => rowsByName(database, 'accounts'));
  readonly #automations = live((database) => rowsByName(database, 'automations'));
  readonly #cursors = live(cursors);
  readonly #contacts = live(contactCount);
  readonly #settings = live(settings);

  /** How many wait for a decision; undefined until they are counted. */
  readonly sends = $derived(this.#sends.value && this.#sends.value.uncertain + this.#sends.value.failed);

  readonly concerns = $derived.by((): Concern[] => [
    ...this.#aboutKeys(),
    ...this.#aboutAutomations(),
    ...this.#aboutAccounts(),
    ...this.#aboutSends(),
    ...this.#aboutSources(),
    ...this.#aboutBackups(),
    ...this.#aboutStorage()
  ]);

  #aboutKeys(): Concern[] {
    if (!engineStatus()?.locked || !this.#accounts.value?.length) return [];
    return [
      {
        title: m['settings.security.lockedTitle'](),
        text: m['settings.security.lockedText'](),
        action: { label: m['settings.security.unlock'](), href: address('/settings/security') }
      }
    ];
  }

  #aboutAutomations(): Concern[] {
    return (this.#automations.value ?? []).flatMap(({ id, name, problem }) =>
      problem
        ? [
            {
              title: m['home.automationPaused']({ name }),
              text: words(problem),
              action: { label: m['home.see'](), href: address(`/automations/${id}`) }
            }
          ]
        : []
    );
  }

  #aboutAccounts(): Concern[] {
    return (this.#accounts.value ?? []).flatMap(({ name, paused, unpublished }) => [
      ...(unpublished
        ? [
            {
              title: m['relay.unpublished'](),
              text: words(unpublished.problem),
              action: { label: m['home.see'](), href: address('/settings/relay') }
            }
          ]
        : []),
      ...(paused
        ? [
            {
              title: m['home.accountPaused']({ name }),
              text: words(paused.reason),
              action: { label: m['home.see'](), href: address('/settings/providers') }
            }
          ]
        : [])
    ]);
  }

  #aboutSends(): Concern[] {
    const { uncertain = 0, failed = 0 } = this.#sends.value ?? {};
    const see = { label: m['home.see'](), href: address('/attention') };
    return [
      ...(uncertain > 0
        ? [
            {
              title: m['home.uncertain']({ count: uncertain, shown: number(uncertain) }),
              text: m['home.uncertainText'](),
              action: see
            }
          ]
        : []),
      ...(failed > 0
        ? [
            {
              title: m['home.failed']({ count: failed, shown: number(failed) }),
              text: m['home.failedText'](),
              action: see
            }
          ]
        : [])
    ];
  }

  #aboutSources(): Concern[] {
    // For so long time limits wait for a source: from then on the person should know.
    const allowance = this.#settings.value?.sourceAllowance ?? DAY;
    const late = (this.#cursors.value ?? []).filter(
      ({ readAt, failingSince }) => now() - (failingSince ?? readAt) > allowance
    );
    return late.map(({ sourceId, readAt, problem }) => ({
      title: m['home.sourceLate']({ name: this.#nameOfSource(sourceId), since: relative(readAt, now()) }),
      text: problem ? words(problem) : m['home.sourceLateText'](),
      action: { label: m['home.see'](), href: address('/settings/providers') }
    }));
  }

  /** A source of an account is called like it. */
  #nameOfSource(sourceId: string): string {
    return this.#accounts.value?.find(({ id }) => sourceId.includes(id))?.name ?? sourceId;
  }

  #aboutBackups(): Concern[] {
    const schedule = backupSchedule();
    if (!schedule) return [];
    const action = { label: m['home.see'](), href: address('/settings/backup') };
    if (schedule.problem) return [{ title: m['settings.backup.auto.failed'](), text: words(schedule.problem), action }];
    if (schedule.folder !== null || schedule.isShared || !isBackupDue(schedule, now())) return [];
    return [{ title: m['settings.backup.auto.due'](), text: m['settings.backup.auto.dueText'](), action }];
  }

  #aboutStorage(): Concern[] {
    const room = space();
    const problem = engineStatus()?.problem;
    const see = { label: m['home.see'](), href: address('/settings/storage') };
    if (problem) return [{ title: m['app.notWritten'](), text: words(problem), action: see }];
    if (!room || !this.#contacts.value) return [];
    const action = { label: m['settings.storage.keep'](), href: address('/settings/storage') };
    return [
      ...(isNearlyFull(room)
        ? [
            {
              title: m['settings.storage.fullTitle']({ used: percent(room.used / room.quota) }),
              text: m['settings.storage.fullText'](),
              action: see
            }
          ]
        : []),
      ...(room.isKept ? [] : [{ title: m['settings.storage.notKeptTitle'](), text: m['home.notKeptText'](), action }])
    ];
  }
}
