/** What the own tier gives and how it is kept, read when the sheet shows it and again when the tier changed. */

import type { TierKeep } from '../../shared/account-state.ts'
import type { PrivilegeView } from '../../shared/tiers.ts'
import { browserStorage } from '../client/runtime.ts'
import type { SheetDeps } from './late-sheet.ts'
import type { ReadonlySignal } from './reactive.ts'

export interface Perks {
  /** Undefined until they have been read. */
  list: ReadonlySignal<readonly PrivilegeView[] | undefined>
  keep: ReadonlySignal<TierKeep | undefined>
  /** End of the window whose warning was read. */
  told: ReadonlySignal<number>
  tell(untilMs: number): void
}

const KEPT_AS = 'ff-tier-told'

export function createPerks({
  client,
  model,
  panel,
  reactive,
}: Pick<SheetDeps, 'client' | 'model' | 'panel' | 'reactive'>): Perks {
  const list = reactive.signal<readonly PrivilegeView[] | undefined>(undefined)
  const keep = reactive.signal<TierKeep | undefined>(undefined)
  const storage = browserStorage()
  const told = reactive.signal(Number(storage?.getItem(KEPT_AS) ?? 0))
  let known = ''

  async function read(wanted: string): Promise<void> {
    const answer = await client.request('privilege.list', {})
    if (wanted !== known) return
    if (answer?.ok)
      reactive.batch(() => {
        list.value = answer.privileges
        keep.value = answer.keep
      })
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
  return {
    list,
    keep,
    told,
    tell(untilMs) {
      told.value = untilMs
      storage?.setItem(KEPT_AS, String(untilMs))
    },
  }
}
