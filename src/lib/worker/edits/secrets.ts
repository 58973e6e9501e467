import { create } from '$lib/core/changes';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Seal } from './accounts';

export function secretEdits(desk: Desk, seal: Seal): WorkerApi['secrets'] {
  return {
    save: async (value) => {
      const secret = await seal(value);
      if (!secret.ok) return secret;
      const { id } = secret.value;
      await desk.edit(() =>
        Promise.resolve({ effect: { changes: [create('secrets', id, secret.value)], events: [] }, value: undefined })
      );
      return { ok: true, value: id };
    }
  };
}
