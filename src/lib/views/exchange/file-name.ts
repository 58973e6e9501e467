import { plainDay, plainName } from '../shared/file-name';

/** `bienvenue-2026-11-24.automations.json`: after the automation where it is one, else after the workspace. */
export function automationsFileName(names: readonly string[], workspace: string, at: Date): string {
  const [only = '', ...others] = names;
  return `${plainName(others.length === 0 ? only : workspace) || 'ricochet'}-${plainDay(at)}.automations.json`;
}
