/** Tells a viewer once a day, over the picture, that points expire with the burn week. */

import type { BurnWeekView } from '../../shared/rewards.ts'
import { DAY_MS } from '../../shared/time.ts'
import { browserStorage } from '../client/runtime.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { ReadonlySignal } from '../overlay/reactive.ts'
import { BURN_SPREAD_MS, BURN_TOLD_MS } from './limits.ts'

const KEPT_AS = 'ff-burn-week'

export function tellBurnWeek({
  client,
  model,
  runtime,
  reactive: { effect, signal },
  burnWeek,
  read,
}: Pick<SheetDeps, 'client' | 'model' | 'runtime' | 'reactive'> & {
  burnWeek: ReadonlySignal<BurnWeekView | undefined>
  read(): Promise<void>
}) {
  const told = signal(false)
  const storage = browserStorage()
  /** Of the week and the day in it: a page that is opened again says nothing new. */
  const dayOf = ({ closesAtMs }: Pick<BurnWeekView, 'closesAtMs'>) =>
    `${closesAtMs}-${Math.floor((closesAtMs - client.serverNow()) / DAY_MS)}`
  let asked = ''

  /** Many come in at once; they ask one after the other. */
  effect(() => {
    const { room, account, status } = model.state.value
    const week = room?.burnWeek
    if (!week || status.phase !== 'online' || !account || account.balance.spendable === 0) return
    const now = client.serverNow()
    const runs = week.opensAtMs <= now && now < week.closesAtMs
    const day = dayOf(week)
    if (!runs || asked === day || storage?.getItem(KEPT_AS) === day) return
    asked = day
    runtime.after(runtime.random() * BURN_SPREAD_MS, () => {
      void read().then(() => {
        if (!burnWeek.value || burnWeek.value.points === 0) return
        told.value = true
        storage?.setItem(KEPT_AS, day)
        runtime.after(BURN_TOLD_MS, () => {
          told.value = false
        })
      })
    })
  })

  return {
    told,
    end() {
      told.value = false
    },
  }
}
