/** `atelier-lea-2026-11-24.ricochet.json`: the workspace's name as a file may be called, and the day. */
export function backupName(workspace: string, at: Date): string {
  const plain = workspace
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return `${plain || 'workspace'}-${day}.ricochet.json`;
}
