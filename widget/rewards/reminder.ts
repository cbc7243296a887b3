/** Says once, over the picture, that a pick-up code ends soon: when the service says so, or when the page finds it. */

import type { RedemptionView } from '../../shared/rewards.ts'
import { DAY_MS } from '../../shared/time.ts'
import { browserStorage } from '../client/runtime.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { ReadonlySignal } from '../overlay/reactive.ts'
import { BURN_SPREAD_MS, REMINDED_MAX } from './limits.ts'

const KEPT_AS = 'ff-reminded'

export function remindOfCodes({
  client,
  runtime,
  reactive: { effect, signal },
  redemptions,
  read,
}: Pick<SheetDeps, 'client' | 'runtime' | 'reactive'> & {
  redemptions: ReadonlySignal<RedemptionView[] | undefined>
  read(): Promise<void>
}) {
  const ending = signal<RedemptionView | undefined>(undefined)
  const storage = browserStorage()
  const known = () => (storage?.getItem(KEPT_AS) ?? '').split(' ')

  effect(() => {
    const now = client.serverNow()
    const found = redemptions.value?.find(
      ({ id, state, code, pickup }) =>
        state === 'issued' &&
        code !== undefined &&
        pickup !== undefined &&
        now < pickup.untilMs &&
        pickup.untilMs - now <= DAY_MS &&
        !known().includes(id),
    )
    if (!found) return
    storage?.setItem(KEPT_AS, [found.id, ...known()].slice(0, REMINDED_MAX).join(' '))
    ending.value = found
  })
  client.on('account', ({ moved }) => {
    if (moved?.some(({ cause }) => cause === 'pickup_ending')) void read()
  })
  // Who was away when it was said.
  runtime.after(runtime.random() * BURN_SPREAD_MS, () => void read())

  return {
    ending,
    end() {
      ending.value = undefined
    },
  }
}
