/** A role that runs in this process, and what all of them together say of its health. */

import type { Check } from '../api/index.ts'
import type { Core } from '../core.ts'

/** A role that runs: how it is, and how it ends. */
export interface Role {
  checks(): Check[]
  stop(): Promise<void>
}

/** Named checks of everything this process runs. */
export const readiness =
  ({ store, shards, clockNote, older }: Core, roles: readonly Role[]) =>
  async (): Promise<Check[]> => {
    const { ok, problems, notes } = shards.health()
    return [
      { name: 'redis', ok: store.status === 'ready', detail: store.status },
      { name: 'shards', ok, detail: [...problems, ...notes].join('; ') },
      { name: 'data', ok: older() === '', detail: older() },
      { name: 'clock', ok: true, detail: clockNote() },
      ...roles.flatMap((role) => role.checks()),
    ]
  }
