import { plainDay, plainName } from '../shared/file-name';

/** `atelier-lea-2026-11-24.ricochet.json`: the workspace's name as a file may be called, and the day. Sealed: without `.json`. */
export function backupName(workspace: string, at: Date, isSealed: boolean): string {
  return `${plainName(workspace) || 'workspace'}-${plainDay(at)}.ricochet${isSealed ? '' : '.json'}`;
}
