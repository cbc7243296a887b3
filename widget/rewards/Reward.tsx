/** One reward: what it is, what it costs, and the one button that takes it. */

import type { Refusal } from '../../shared/errors.ts'
import { groupedCode } from '../../shared/pickup.ts'
import type { RedemptionView, RewardLock, RewardView } from '../../shared/rewards.ts'
import type { SheetView } from '../overlay/sheet-view.ts'
import { Shape } from '../ui/icons.tsx'
import { formatAway, formatPoints } from '../ui/lang.ts'
import { gift, lock as lockShape, tag } from '../ui/shapes.ts'
import { canLocate } from './near.ts'
import { inBurnWeek, isFlash, lockWords, priceWords, yuanOf } from './offer.ts'
import { activeOf } from './shop.ts'

/** An address is a picture, anything else stands for itself: an emoji. */
const isAddress = (image: string) => /^(https?:|data:image\/|\/)/.test(image)

function Picture({ reward: { image, kind } }: Pick<RowProps, 'reward'>) {
  if (image && isAddress(image))
    return (
      <img
        class="pic"
        src={image}
        alt=""
        loading="lazy"
        onError={({ currentTarget }) => currentTarget.classList.add('gone')}
      />
    )
  return (
    <span class="pic" aria-hidden="true">
      {image || <Shape d={kind === 'item' ? gift : tag} />}
    </span>
  )
}

function Price({ reward, t }: { reward: RewardView; t: SheetView['r'] }) {
  const { points, cashFen } = reward.cost
  return (
    <span class="ff-price ff-n">
      {reward.usualPoints !== undefined && reward.usualPoints > points && (
        <s>{formatPoints(reward.usualPoints)}</s>
      )}
      {(points > 0 || cashFen === 0) && (
        <>
          {formatPoints(points)}
          <small>{t.points}</small>
        </>
      )}
      {(cashFen > 0 || reward.usualCashFen !== undefined) && (
        <span class="cash">
          {points > 0 && '+ '}
          {reward.usualCashFen !== undefined && <s>¥{yuanOf(reward.usualCashFen)}</s>}¥
          {yuanOf(cashFen)}
        </span>
      )}
    </span>
  )
}

/** Factor with one decimal: 1.1. */
const ratioOf = (milli: number) => String(Number((milli / 1000).toFixed(1)))

function Details({ reward, lock, view }: RowProps) {
  const { r: t, lang, shop } = view
  const nowMs = shop.nowMs.value
  const ratio = ratioOf(reward.value.ratioMilli)
  const {
    left,
    low,
    closesAtMs,
    value,
    cost,
    usualPoints,
    member,
    worthFen,
    burnWeek,
    recommended,
  } = reward
  const runs = isFlash(reward) && !lock && closesAtMs !== undefined
  return (
    <div class="d facts">
      {runs && (
        <span>
          {t.endsIn} <b class="ff-n">{formatAway(closesAtMs - nowMs, lang)}</b>
        </span>
      )}
      {lock && lock.kind !== 'points' && <span>{lockWords(reward, lock, { t, lang, nowMs })}</span>}
      {left !== undefined && left > 0 && (
        <span class={low ? 'few' : ''}>{(low ? t.low : t.left)(formatPoints(left))}</span>
      )}
      {inBurnWeek(reward) && !lock && <span class="ff-chip on">{t.burnWeek}</span>}
      {recommended && <span class="forme">{recommended[lang]}</span>}
      {usualPoints !== undefined && !burnWeek && !member?.yours && (
        <span class="ff-chip on">{t.double}</span>
      )}
      {member?.yours && <span class="ff-chip on">{t.memberPrice(member.label[lang])}</span>}
      {member && !member.yours && (
        <span>{t.memberHint(member.label[lang], priceWords({ cost: member }, t))}</span>
      )}
      {cost.pay === 'session' && <span>{t.sessionOnly}</span>}
      {cost.pay === 'spendable' && <span>{t.lastingOnly}</span>}
      {value.warning === 'low' && <span class="ff-chip warn">{t.valueLow(ratio)}</span>}
      {value.warning === 'high' && <span class="ff-chip on">{t.valueHigh(ratio)}</span>}
      {!value.warning && worthFen > 0 && cost.points > 0 && (
        <span>{t.worth(yuanOf(worthFen), ratio)}</span>
      )}
    </div>
  )
}

const isRefusal = (end: RedemptionView | Refusal | undefined): end is Refusal =>
  end !== undefined && 'ok' in end

/** What became of the last tap, where it did not become a reward. */
function Outcome({ reward, view: { r: t, shop, model } }: Omit<RowProps, 'lock'>) {
  const end = shop.ends.value[reward.id]
  const waits = shop.wishes.value.some((wish) => wish.reward === reward.id)
  if (waits)
    return model.state.value.status.phase === 'online' ? null : <p class="end">{t.waiting}</p>
  if (isRefusal(end)) return <p class="end bad">{t.refused[end.code] ?? t.refusedOther}</p>
  if (end?.state === 'failed' || end?.state === 'cancelled')
    return (
      <p class="end bad">
        {t.states[end.state]}
        {end.why && ` · ${t.why[end.why]}`}
      </p>
    )
  return null
}

function Take({ reward, lock, view }: RowProps) {
  const { r: t, shop, model, point } = view
  const waits = shop.wishes.value.some((wish) => wish.reward === reward.id)
  const active = activeOf(shop.redemptions.value, reward.id)
  const online = model.state.value.status.phase === 'online'
  if (waits || active?.state === 'holding')
    return (
      <button type="button" class="ff-btn sm" disabled>
        <i class="turn" />
        {t.asking}
      </button>
    )
  if (lock?.kind === 'points')
    return (
      <button type="button" class="ff-btn sm" disabled>
        {model.state.value.account?.balance.frozen
          ? t.frozenNow
          : t.short(formatPoints(lock.missing))}
      </button>
    )
  if (lock)
    return (
      <button
        type="button"
        class="ff-btn sm"
        disabled
        aria-label={`${reward.title[view.lang]} · ${t.redeem}`}
      >
        {lock.kind === 'tier' || lock.kind === 'task' || lock.kind === 'early' ? (
          <Shape d={lockShape} />
        ) : null}
        {lock.kind === 'sold_out' ? t.soldOut : t.redeem}
      </button>
    )
  const armed = shop.armed.value
  const sure = armed?.act === 'redeem' && armed.id === reward.id
  return (
    <button
      type="button"
      class={`ff-btn sm ff-hit ${sure ? 'pri' : isFlash(reward) ? 'pri' : 'soft'}`}
      disabled={!online}
      aria-label={
        sure ? undefined : `${t.redeem} ${reward.title[view.lang]} ${priceWords(reward, t)}`
      }
      onClick={() => shop.redeem(reward, point.value[reward.id] ?? reward.pickup?.[0]?.id)}
    >
      {sure ? t.confirm(priceWords(reward, t)) : isFlash(reward) ? t.grab : t.redeem}
    </button>
  )
}

/** Offered where the page did not say where the viewer is, and it would help. */
function Locate({ reward, view: { r: t, shop } }: Omit<RowProps, 'lock'>) {
  const useful = reward.pickup?.some(({ located, distanceM }) => located && distanceM === undefined)
  if (!useful || !canLocate()) return null
  const state = shop.locating.value
  return (
    <button
      type="button"
      class="minelink"
      disabled={state !== 'idle'}
      onClick={() => void shop.locate()}
    >
      {state === 'refused' ? t.locateRefused : t.locate}
    </button>
  )
}

/** Where several points have it, the viewer says which before the second tap. */
function Where({ reward, view }: Omit<RowProps, 'lock'>) {
  const { r: t, lang, shop, point } = view
  const armed = shop.armed.value
  if (armed?.act !== 'redeem' || armed.id !== reward.id || (reward.pickup?.length ?? 0) < 2)
    return null
  return (
    <label class="where">
      {t.pickAt}
      <select
        value={point.value[reward.id] ?? reward.pickup?.[0]?.id}
        onChange={({ currentTarget }) => {
          point.value = { ...point.value, [reward.id]: currentTarget.value }
        }}
      >
        {reward.pickup?.map(({ id, name, distanceM }) => (
          <option key={id} value={id}>
            {distanceM === undefined ? name[lang] : `${name[lang]} · ${t.away(distanceM)}`}
          </option>
        ))}
      </select>
      <Locate reward={reward} view={view} />
    </label>
  )
}

interface RowProps {
  reward: RewardView
  lock: RewardLock | undefined
  view: SheetView
}

/** Brings the reward into sight that somebody came for. */
function show(row: HTMLElement, view: SheetView): void {
  row.scrollIntoView?.({ block: 'nearest' })
  row.querySelector<HTMLElement>('.ff-btn:not(:disabled)')?.focus()
  view.find(undefined)
}

export function Reward({ reward, lock, view }: RowProps) {
  const { r: t, lang, shop } = view
  const active = activeOf(shop.redemptions.value, reward.id)
  const ready = active && active.state !== 'holding' ? active : undefined
  const sure = shop.armed.value?.act === 'redeem' && shop.armed.value.id === reward.id
  return (
    <li
      class={`rw${isFlash(reward) && !lock ? ' flash' : ''}${sure ? ' sure' : ''}${lock ? ' locked' : ''}`}
      ref={(row) => {
        if (row && view.found.value === reward.id) show(row, view)
        // The question stands on a line of its own, which may be out of sight.
        if (row && sure) row.scrollIntoView?.({ block: 'nearest' })
      }}
    >
      <Picture reward={reward} />
      <div class="mid">
        <div class="t">{reward.title[lang]}</div>
        <Price reward={reward} t={t} />
        <Details reward={reward} lock={lock} view={view} />
      </div>
      <Take reward={reward} lock={lock} view={view} />
      <Where reward={reward} view={view} />
      <Outcome reward={reward} view={view} />
      {ready && (
        <button
          type="button"
          class="mineof"
          onClick={(event) => view.go(() => shop.show(ready.id), event)}
        >
          {t.states[ready.state]} ·{' '}
          {ready.code ? `${t.showCode} ${groupedCode(ready.code)}` : t.open}
        </button>
      )}
    </li>
  )
}
