/** The shelf: what points can buy here, what can be had now first. */

import { purseOf } from '../../shared/account-state.ts'
import { isFinal } from '../../shared/rewards.ts'
import type { SheetView } from '../overlay/sheet-view.ts'
import { Shape } from '../ui/icons.tsx'
import { right } from '../ui/shapes.ts'
import { BurnNote } from './Burn.tsx'
import { momentOf } from './moments.ts'
import { ordered } from './offer.ts'
import { Reward } from './Reward.tsx'

export function Rewards({ view }: { view: SheetView }) {
  const { r: t, s, lang, shop, model, panel } = view
  const cut = shop.valueCut.value
  const { account, status } = model.state.value
  const rewards = shop.rewards.value
  const open = shop.redemptions.value?.filter(({ state }) => !isFinal(state)).length ?? 0
  const rows = rewards && account ? ordered(rewards, purseOf(account), shop.nowMs.value) : undefined
  const [before, count, after] = t.affordable(rows?.filter(({ lock }) => !lock).length ?? 0)
  return (
    <>
      <div class="sum shelf">
        {rows && rows.length > 0 && (
          <span>
            {before}
            <b class="ff-n">{count}</b>
            {after}
          </span>
        )}
        <button
          type="button"
          class="minelink"
          onClick={(event) =>
            view.go(() => {
              panel.value = 'mine'
            }, event)
          }
        >
          {t.mine}
          {open > 0 && <b class="ff-n">{open}</b>}
          <Shape d={right} />
        </button>
      </div>
      <BurnNote view={view} />
      {cut && (
        <p class="burn">
          <span>{t.valueCut(momentOf(cut.fromMs, shop.nowMs.value, lang), cut.percent)}</span>
        </p>
      )}
      {account && account.balance.frozen > 0 && <p class="end bad">{t.frozen}</p>}
      {status.phase !== 'online' && <p class="end">{t.offline}</p>}
      {!rows && <p class="sum">{shop.failed.value ? s.unread : s.loading}</p>}
      {rows?.length === 0 && <p class="sum">{t.none}</p>}
      <ul>
        {rows?.map(({ reward, lock }) => (
          <Reward key={reward.id} reward={reward} lock={lock} view={view} />
        ))}
      </ul>
    </>
  )
}
