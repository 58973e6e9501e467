import { plainDay, plainName } from '../shared/file-name';

/** `atelier-lea-2026-11-24.ricochet.json`: the workspace's name as a file may be called, and the day. */
export function backupName(workspace: string, at: Date): string {
  return `${plainName(workspace) || 'workspace'}-${plainDay(at)}.ricochet.json`;
}
