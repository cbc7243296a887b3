/** What the worker does for rewards: ends what was cut off, credits who is owed, tells of low stock and of flash windows. */

import { defineScript, scriptNow } from '../redis/index.ts'
import type { RedemptionsOptions } from './deps.ts'
import dueSource from './due.lua'
import { tellFlash } from './flash.ts'
import { type FlashPart, forgetFlashPart, readFlashPart } from './flash-part.ts'
import { alertsKey, flashOwedKey, rewardHeadKey, stateKey, todoKey } from './keys.ts'
import { DUE_PER_STEP, GRACE_MS, REWARDS_AT_ONCE } from './limits.ts'
import { burningAt, listedAt, priceAt } from './price.ts'
import type { Redemptions } from './redemptions.ts'
import type { StoredReward } from './schema.ts'
import toldSource from './told.lua'

const dueScript = defineScript({
  name: 'rewards.due',
  source: dueSource,
  readonly: true,
  keys: ['state', 'todo', 'flash_owed', 'alerts'],
  args: { now_ms: 'int', limit: 'int', grace_ms: 'int' },
  replies: {
    ok: {
      now_ms: 'int',
      edge: 'str',
      room: 'str',
      opens_ms: 'int',
      closes_ms: 'int',
      taken: 'int',
      todo: 'int',
      owed: 'int',
      list: 'list',
    },
  },
})

const toldScript = defineScript({
  name: 'rewards.told',
  source: toldSource,
  keys: ['state', 'alerts'],
  args: { alert: 'int', flash: 'int', opens_ms: 'int' },
  replies: { ok: {} },
})

type Due = Awaited<ReturnType<typeof dueScript.run>>

/** Tells somebody outside; the id is the same on a repeat. */
export type Notify = (
  type: 'reward.low_stock' | 'reward.sold_out',
  id: string,
  data: { reward: string; brand: string; left: number; atMs: number },
) => Promise<void>

export interface DueOptions
  extends Pick<RedemptionsOptions, 'store' | 'catalogue' | 'rulebook' | 'log' | 'clock' | 'nowMs'> {
  redemptions: Pick<Redemptions, 'advance'>
  notify?: Notify
  /** What taking part earns. Throws where it cannot be credited now. */
  creditFlash?: (part: FlashPart) => Promise<void>
}

/**
 * One pass over all rewards; answers how many redemptions it looked at. A reward that cannot be dealt with is logged
 * and looked at again by the next pass.
 */
export async function passRewards(options: DueOptions): Promise<number> {
  const rewards = [...options.catalogue.current().rewards.values()]
  let looked = 0
  for (let i = 0; i < rewards.length; i += REWARDS_AT_ONCE) {
    const counts = await Promise.all(
      rewards.slice(i, i + REWARDS_AT_ONCE).map((reward) => dealWith(options, reward)),
    )
    for (const count of counts) looked += count
  }
  return looked
}

async function dealWith(options: DueOptions, reward: StoredReward): Promise<number> {
  const { store, log, nowMs } = options
  try {
    const due = await dueScript.run(store, {
      keys: {
        state: stateKey(reward.id),
        todo: todoKey(reward.id),
        flash_owed: flashOwedKey(reward.id),
        alerts: alertsKey(reward.id),
      },
      args: { now_ms: scriptNow(nowMs?.()), limit: DUE_PER_STEP, grace_ms: GRACE_MS },
    })
    await creditOwed(options, reward, due)
    await tellEdge(options, reward, due)
    await tellAlerts(options, reward, due)
    return await advanceAll(options, reward, due)
  } catch (error) {
    log.warn({ err: error, reward: reward.id }, 'a reward waits')
    return 0
  }
}

async function advanceAll(
  { redemptions, log }: DueOptions,
  reward: StoredReward,
  due: Due,
): Promise<number> {
  const members = due.list.slice(0, due.todo).map(String)
  for (const member of members) {
    const [account, id = ''] = member.split(':')
    try {
      await redemptions.advance({ reward: reward.id, account: Number(account), id })
    } catch (error) {
      log.warn({ err: error, reward: reward.id }, 'a redemption waits')
    }
  }
  return members.length
}

/** Whom a process that died left owed for a flash window, and nobody else. */
async function creditOwed(
  { store, log, creditFlash }: DueOptions,
  reward: StoredReward,
  due: Due,
): Promise<void> {
  for (const member of due.list.slice(due.todo, due.todo + due.owed).map(String)) {
    const part = readFlashPart(reward.id, member)
    try {
      await creditFlash?.(part)
      await forgetFlashPart(store, part)
    } catch (error) {
      log.warn({ err: error, reward: reward.id }, 'a part in a flash window waits')
    }
  }
}

async function tellAlerts({ store, notify }: DueOptions, reward: StoredReward, due: Due) {
  let newest = 0
  for (const alert of due.list.slice(due.todo + due.owed).map(String)) {
    const [no, kind, left, at] = alert.split(':')
    await notify?.(
      kind === 'low' ? 'reward.low_stock' : 'reward.sold_out',
      `stock-${reward.id}-${no}`,
      { reward: reward.id, brand: reward.brand, left: Number(left), atMs: Number(at) },
    )
    newest = Number(no)
  }
  if (newest === 0) return
  // Little or nothing is left: whoever looks at the shelf is to see it.
  await store.incr(rewardHeadKey)
  await forget(store, reward, { alert: newest, flash: 0, opens_ms: 0 })
}

async function tellEdge(options: DueOptions, reward: StoredReward, due: Due): Promise<void> {
  if (due.edge === 'none') return
  const { store, catalogue, rulebook, nowMs } = options
  const { doubles } = catalogue.current()
  const { book } = rulebook()
  const burning = burningAt(book, due.opens_ms)
  const listed = listedAt(reward, book.redemption.factor)
  const { points } = priceAt(listed, { doubles, burning }, due.opens_ms)
  await tellFlash(store, {
    room: due.room,
    flash: {
      reward: reward.id,
      title: reward.doc.title,
      points,
      ...(reward.doc.tier !== undefined && { rung: reward.doc.tier }),
      opensAtMs: due.opens_ms,
      closesAtMs: due.closes_ms,
    },
    ...(due.edge === 'closed' && { closed: { taken: due.taken } }),
    ...(nowMs && { nowMs: nowMs() }),
  })
  const flash = due.edge === 'opened' ? 1 : 2
  await forget(store, reward, { alert: 0, flash, opens_ms: due.opens_ms })
}

const forget = (
  store: RedemptionsOptions['store'],
  { id }: StoredReward,
  args: { alert: number; flash: number; opens_ms: number },
) => toldScript.run(store, { keys: { state: stateKey(id), alerts: alertsKey(id) }, args })
