/** Takes one redemption to its end, from wherever a tap or a crash left it. */

import { dayBounds, dayStartMs, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { rewardSlot } from '../redis/index.ts'
import { callingOf, timeOf } from './calling.ts'
import type { RedemptionsOptions } from './deps.ts'
import { dropRedemption } from './drop.ts'
import { giveBack } from './give-back.ts'
import { issueReward } from './issue.ts'
import type { RedemptionRef } from './keys.ts'
import { PICKUP_KEEP_DAYS } from './limits.ts'
import { indexCode, placeOf } from './pickup-index.ts'
import { isPrize, type Redemption, readRedemption } from './record.ts'
import { markReminded } from './remind.ts'
import { settleRedemption } from './settle.ts'

/** No redemption needs more steps than these. */
const STEPS_MAX = 6
/** Refusals of the wallet that a repeat would meet again. */
const LASTING: ReadonlySet<string> = new Set(['hold_not_found', 'hold_closed', 'not_found'])

/** Redemptions share the ids of holds with other uses; the prefix keeps them apart. */
export const holdIdOf = ({ id }: RedemptionRef): string => `r-${id}`

/**
 * Goes from step to step until nothing is left to be done now. Throws where a step cannot be done at this time; the
 * worker repeats it.
 */
export async function finishRedemption(
  options: RedemptionsOptions,
  ref: RedemptionRef,
): Promise<Redemption | undefined> {
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const redemption = await readRedemption(options.store, ref)
    if (!redemption || !(await step(options, redemption))) return redemption
  }
  throw new Error('a redemption does not come to rest')
}

/** True where it went on. */
async function step(options: RedemptionsOptions, redemption: Redemption): Promise<boolean> {
  switch (redemption.state) {
    case 'holding':
      await pay(options, redemption)
      return true
    case 'awaiting_cash': {
      const back = await giveBack(options.store, redemption, {
        why: 'cash_late',
        ...callingOf(options),
      })
      return back.tag === 'ok' && back.state !== 'awaiting_cash'
    }
    case 'issued': {
      if (await remind(options, redemption)) return true
      if (!isPrize(redemption) || redemption.untilMs === 0) return false
      const back = await giveBack(options.store, redemption, {
        why: 'expired',
        ...callingOf(options),
      })
      return back.tag === 'ok' && back.state !== 'issued'
    }
    case 'cancelling':
    case 'refunding':
      await repay(options, redemption)
      return true
    default:
      return false
  }
}

/** The piece is taken: the points are paid, then the viewer has it. */
async function pay(options: RedemptionsOptions, redemption: Redemption): Promise<void> {
  const { store, wallet, partitions, certain } = options
  const slot = rewardSlot(redemption.reward)
  const partition = partitions.slotOf(redemption.account)
  // Should the reward's slot forget the take, the piece would be given twice: nothing may have been paid for it.
  await certain?.({ slot, with: partition })
  if (isPrize(redemption)) return issue(options, redemption)
  const paid = await wallet.capture({
    account: redemption.account,
    id: holdIdOf(redemption),
    late: true,
  })
  if (!paid.ok) {
    if (!LASTING.has(paid.code)) throw new Error(`points cannot be paid: ${paid.code}`)
    await dropRedemption(store, redemption, { lost: true, ...callingOf(options) })
    return
  }
  // Nor may somebody have a code whose payment is forgotten.
  await certain?.({ slot: partition, with: slot })
  await issue(options, redemption)
}

async function issue(options: RedemptionsOptions, redemption: Redemption): Promise<void> {
  const { catalogue, rulebook, clock, nowMs, store } = options
  const { timeZone } = rulebook().book
  const { rewards } = catalogue.current()
  const reward =
    rewards.get(redemption.reward) ?? (await catalogue.refresh()).rewards.get(redemption.reward)
  const { delivery = 'none', pickupAfterDays = 0, cancelWithinMin = 0 } = reward?.doc ?? {}
  const today = dayBounds(nowMs?.() ?? clock.now(), timeZone).day
  const picked = delivery === 'pickup'
  const readyDay = picked ? today + pickupAfterDays : 0
  const code =
    delivery === 'none'
      ? ''
      : await indexCode(options, redemption, {
          point: placeOf(redemption, reward?.brandNo ?? 0),
          day: picked ? readyDay : today,
        })
  await issueReward(store, redemption, {
    code,
    readyDay,
    untilMs: picked ? dayStartMs(readyDay + PICKUP_KEEP_DAYS + 1, timeZone) : 0,
    // There is nothing to give a prize back for.
    remindMs: catalogue.current().policy.remindHours * HOUR_MS,
    cancelMs: isPrize(redemption) ? 0 : cancelWithinMin * MINUTE_MS,
    ...timeOf(options),
  })
}

/** Whoever has not fetched something is told before the code ends, once. */
async function remind(options: RedemptionsOptions, redemption: Redemption): Promise<boolean> {
  const { store, wallet, catalogue, clock, nowMs } = options
  const { account, id, reward, remindAtMs, untilMs } = redemption
  const now = nowMs?.() ?? clock.now()
  if (remindAtMs === 0 || now < remindAtMs) return false
  if (now < untilMs) {
    const told = await wallet.remind({
      account,
      id: `end-${id}`,
      ref: id,
      cause: 'pickup_ending',
      subject: reward,
      at: catalogue.current().rewards.get(reward)?.brandNo ?? 0,
      untilMs,
    })
    if (!told.ok) throw new Error(`a viewer cannot be reminded: ${told.code}`)
  }
  await markReminded(store, redemption)
  return true
}

/** The piece is back: the points follow, to the lots they came from. */
async function repay(options: RedemptionsOptions, redemption: Redemption): Promise<void> {
  const { store, wallet, partitions, certain } = options
  const { account, state } = redemption
  await certain?.({ slot: rewardSlot(redemption.reward), with: partitions.slotOf(account) })
  const id = holdIdOf(redemption)
  if (isPrize(redemption)) return settleRedemption(store, redemption)
  const back =
    state === 'cancelling'
      ? await wallet.void({ account, id })
      : await wallet.refund({ account, id, refundId: id, changedMind: redemption.why === 'viewer' })
  if (!back.ok && !LASTING.has(back.code)) throw new Error(`points cannot return: ${back.code}`)
  // Nor may the redemption be over while the partition forgets that they are back.
  await certain?.({ slot: partitions.slotOf(account), with: rewardSlot(redemption.reward) })
  await settleRedemption(store, redemption)
}
