/** What the own tier gives, read when the sheet shows it and again when the tier changed. */

import type { PrivilegeView } from '../../shared/tiers.ts'
import type { SheetDeps } from './late-sheet.ts'
import type { ReadonlySignal } from './reactive.ts'

export interface Perks {
  /** Undefined until they have been read. */
  list: ReadonlySignal<readonly PrivilegeView[] | undefined>
}

export function createPerks({
  client,
  model,
  panel,
  reactive,
}: Pick<SheetDeps, 'client' | 'model' | 'panel' | 'reactive'>): Perks {
  const list = reactive.signal<readonly PrivilegeView[] | undefined>(undefined)
  let known = ''

  async function read(wanted: string): Promise<void> {
    const answer = await client.request('privilege.list', {})
    if (wanted !== known) return
    if (answer?.ok) list.value = answer.privileges
    // The next look at the sheet asks again.
    else known = ''
  }

  reactive.effect(() => {
    const { account, room, status } = model.state.value
    if (panel.value !== 'today' || !account || status.phase !== 'online') return
    const { rung, boost } = account.tier
    const wanted = `${rung} ${boost?.untilMs ?? 0} ${room?.rulebook}`
    if (wanted === known) return
    known = wanted
    void read(wanted)
  })
  return { list }
}
