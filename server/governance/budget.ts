/** The budget of a live: gateways lease points from its room and pay awards from their lease. */

import { defineScript, headKey, type Store, scriptNow } from '../redis/index.ts'
import { budgetKey } from './keys.ts'
import source from './lease-budget.lua'

const script = defineScript({
  name: 'governance.lease-budget',
  source,
  keys: ['head', 'budget'],
  args: {
    now_ms: 'int',
    live: 'int',
    most: 'int',
    gateway: 'int',
    incarnation: 'str',
    sequence: 'int',
    leased: 'int',
    paid: 'int',
    need: 'int',
    want: 'int',
  },
  replies: {
    ok: { leased: 'int', left: 'int', now_ms: 'int' },
    over: {},
    room_not_found: {},
  },
})

export interface LeaseAsk {
  room: string
  live: number
  /** The budget of the live, points. */
  most: number
  gateway: number
  /** Of the one who asks: what another incarnation of the gateway leased and kept counts as paid. */
  incarnation: string
  /** Rises with each call of the incarnation; a call that comes late changes nothing. */
  sequence: number
  /** Points leased so far, all told, less what is given back with this call; never less than `paid`. */
  leased: number
  /** Points paid so far, all told. */
  paid: number
  /** The least that is of use now: given whole where it is there. */
  need: number
  /** What should be free to pay afterwards; of it a gateway gets at most a fair share of what is left. */
  want: number
  nowMs?: number
}

export interface Lease {
  /** Points leased to this gateway, all told. They may be paid once this is durable. */
  leased: number
  /** Points of the budget that nobody has leased. */
  left: number
  /** Redis time. */
  atMs: number
}

/** Undefined where the room has another live by now, or none. Throws where Redis cannot be reached. */
export async function leaseBudget(store: Store, ask: LeaseAsk): Promise<Lease | undefined> {
  const reply = await script.run(store, {
    keys: { head: headKey(ask.room), budget: budgetKey(ask.room) },
    args: {
      now_ms: scriptNow(ask.nowMs),
      live: ask.live,
      most: ask.most,
      gateway: ask.gateway,
      incarnation: ask.incarnation,
      sequence: ask.sequence,
      leased: ask.leased,
      paid: ask.paid,
      need: ask.need,
      want: ask.want,
    },
  })
  if (reply.tag !== 'ok') return undefined
  return { leased: reply.leased, left: reply.left, atMs: reply.now_ms }
}

export interface BudgetUse {
  live: number
  /** Points leased to gateways, paid or not; those of gateways that are gone among them. */
  leased: number
  /** Points that gateways have reported as paid. */
  paid: number
}

/** How far the budget of the room's last live with one has come; undefined where there was none. */
export async function readBudget(store: Store, room: string): Promise<BudgetUse | undefined> {
  const { live, gone, ...gateways } = await store.hgetall(budgetKey(room))
  if (live === undefined) return undefined
  const use: BudgetUse = { live: Number(live), leased: Number(gone), paid: Number(gone) }
  for (const row of Object.values(gateways)) {
    const [, , leased, paid] = row.split(' ')
    use.leased += Number(leased)
    use.paid += Number(paid)
  }
  return use
}
