/** What an account owns for some days, and the day pass. */

import type { PrizeEffect } from '../../shared/draw.ts'
import {
  COLOURS,
  type Colour,
  ENTRANCES,
  type Entrance,
  type Owned,
  type Ownership,
  stronger,
} from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import { defineScript } from '../redis/index.ts'
import { accountKey, journalKey } from '../wallet/index.ts'
import boostSource from './boost.lua'
import { type Buyer, daysOf, type EffectsDeps, nowOf, type SellingDeps } from './deps.ts'
import { doneKey, ownedKey } from './keys.ts'
import { AT_ONCE_MS, OWNED_MS_MAX } from './limits.ts'
import ownSource from './own.lua'
import { type Acted, holdId, spend } from './spend.ts'

const ownScript = defineScript({
  name: 'effects.own',
  source: ownSource,
  keys: ['act', 'owned', 'journal'],
  args: { now_ms: 'int', account: 'int', thing: 'str', length_ms: 'int', most_ms: 'int' },
  replies: { owned: { until_ms: 'int' }, seen: { state: 'str' }, limit_reached: {} },
})

const boostScript = defineScript({
  name: 'effects.boost',
  source: boostSource,
  keys: ['act', 'account', 'journal'],
  args: {
    now_ms: 'int',
    account: 'int',
    day_ends_ms: 'int',
    next_day_ends_ms: 'int',
    rungs: 'int',
  },
  replies: { boosted: { ends_ms: 'int' }, seen: { state: 'str' }, not_on_sale: {}, unreadable: {} },
})

type Bought = { ok: true; answer: 'done' } | Refusal
const DONE: Acted<'done'> = { ok: true, answer: 'done' }
const seen = (state: string): Acted<'done'> => (state === 'done' ? DONE : refuse('hold_closed'))

interface Want {
  requestId: string
  points: number
  thing: string
}

const buy = (
  deps: SellingDeps,
  buyer: Buyer,
  want: Want & { act: (id: string) => Promise<Acted<'done'>> },
): Promise<Bought> => {
  const id = holdId(want.requestId)
  return spend(
    deps,
    {
      account: buyer.account,
      id,
      points: want.points,
      use: 'effect',
      subject: { kind: 'owned', thing: want.thing },
      at: buyer.brandNo,
      local: buyer.local,
      live: buyer.live,
      forMs: AT_ONCE_MS,
    },
    () => want.act(id),
  )
}

/** Buys days of a colour or an entrance; what is left of it is added to. */
export function buyThing(
  deps: SellingDeps,
  buyer: Buyer,
  want: { requestId: string; colour: Colour } | { requestId: string; entrance: Entrance },
): Promise<Bought> {
  const { effects } = deps.rulebook().book
  const offer =
    'colour' in want
      ? effects.colours.find(({ colour }) => colour === want.colour)
      : effects.entrances.find(({ entrance }) => entrance === want.entrance)
  if (!offer) return Promise.resolve(refuse('not_on_sale'))
  const thing = 'colour' in want ? `colour:${want.colour}` : `entrance:${want.entrance}`
  return buy(deps, buyer, {
    requestId: want.requestId,
    points: offer.points,
    thing,
    act: async (id) => {
      const reply = await own(deps, { ...buyer, id }, { thing, days: offer.days })
      if (reply.tag === 'limit_reached') return refuse('limit_reached')
      const acted = reply.tag === 'seen' ? seen(reply.state) : DONE
      // Also on a repeat: whoever did it may have died before telling.
      if (acted.ok) deps.onOwned?.(buyer.account)
      return acted
    },
  })
}

type OwnDeps = Pick<EffectsDeps, 'store' | 'partitions' | 'nowMs'>
interface Owner {
  account: number
  handle: string
  /** Of the act: once per id. */
  id: string
}

function own(deps: OwnDeps, { account, handle, id }: Owner, what: { thing: string; days: number }) {
  const slot = deps.partitions.slotOf(account)
  return ownScript.run(deps.store, {
    keys: {
      act: doneKey(slot, handle, id),
      owned: ownedKey(slot, account),
      journal: journalKey(slot),
    },
    args: {
      now_ms: nowOf(deps),
      account,
      thing: what.thing,
      length_ms: what.days * DAY_MS,
      most_ms: OWNED_MS_MAX,
    },
  })
}

/** Gives days of a colour or an entrance, once per id; who owns 400 days of it has all there is. */
export async function giveThing(deps: OwnDeps, to: Owner, effect: PrizeEffect): Promise<void> {
  const thing = 'colour' in effect ? `colour:${effect.colour}` : `entrance:${effect.entrance}`
  await own(deps, to, { thing, days: effect.days })
}

/** Buys the day pass: until the account's day ends the rung above counts. */
export function buyBoost(
  deps: SellingDeps,
  buyer: Buyer,
  { requestId }: { requestId: string },
): Promise<Bought> {
  const { effects, ladder, timeZone } = deps.rulebook().book
  const { boost } = effects
  if (boost.kind === 'off') return Promise.resolve(refuse('not_on_sale'))
  const slot = deps.partitions.slotOf(buyer.account)
  const day = daysOf(deps, timeZone)
  return buy(deps, buyer, {
    requestId,
    points: boost.points,
    thing: 'boost',
    act: async (id) => {
      const reply = await boostScript.run(deps.store, {
        keys: {
          act: doneKey(slot, buyer.handle, id),
          account: accountKey(slot, buyer.account),
          journal: journalKey(slot),
        },
        args: {
          now_ms: nowOf(deps),
          account: buyer.account,
          day_ends_ms: day.endsAtMs,
          next_day_ends_ms: day.nextEndsAtMs,
          rungs: ladder.rungs.length,
        },
      })
      if (reply.tag === 'unreadable') return refuse('internal')
      if (reply.tag === 'not_on_sale') return refuse('not_on_sale')
      return reply.tag === 'seen' ? seen(reply.state) : DONE
    },
  })
}

/** What the tier gives, with the strongest of all rungs up to that one. */
export function grantedByTier({ effects, ladder }: Rulebook, rung: number): Ownership {
  let colour: Owned<Colour> | undefined
  let entrance: Owned<Entrance> | undefined
  for (const tier of effects.tiers) {
    const from = ladder.rungs.findIndex(({ id }) => id === tier.rung)
    if (from < 0 || from > rung) continue
    if (tier.colour) colour = stronger(COLOURS, colour, { value: tier.colour, by: 'tier' })
    if (tier.entrance)
      entrance = stronger(ENTRANCES, entrance, { value: tier.entrance, by: 'tier' })
  }
  return { ...(colour && { colour }), ...(entrance && { entrance }) }
}

/** The colour of a comment now: what was bought, if it lasts, or what the tier gives. */
export function colourOf(
  book: Rulebook,
  of: { owned: Ownership; rung: number; nowMs: number },
): Colour | undefined {
  const { colour } = of.owned
  const lasts = (colour?.untilMs ?? Number.POSITIVE_INFINITY) > of.nowMs
  const given = grantedByTier(book, of.rung).colour
  return stronger(COLOURS, lasts && colour?.by === 'bought' ? colour : undefined, given)?.value
}

const oneOf = <T extends string>(scale: readonly T[], text: string): T | undefined =>
  scale.find((value) => value === text)

/** The one record of what an account owns: bought or given by the tier, the stronger of each. */
export async function ownershipOf(
  deps: Pick<EffectsDeps, 'store' | 'partitions' | 'clock' | 'rulebook' | 'nowMs'>,
  { account, rung }: { account: number; rung: number },
): Promise<Ownership> {
  const given = grantedByTier(deps.rulebook().book, rung)
  const bought = await deps.store.hgetall(ownedKey(deps.partitions.slotOf(account), account))
  const nowMs = deps.nowMs?.() ?? deps.clock.now()
  let { colour, entrance } = given
  for (const [thing, until] of Object.entries(bought)) {
    const [kind = '', name = ''] = thing.split(':')
    const untilMs = Number(until)
    if (untilMs <= nowMs) continue
    const asColour = kind === 'colour' ? oneOf(COLOURS, name) : undefined
    const asEntrance = kind === 'entrance' ? oneOf(ENTRANCES, name) : undefined
    if (asColour) colour = stronger(COLOURS, colour, { value: asColour, by: 'bought', untilMs })
    if (asEntrance)
      entrance = stronger(ENTRANCES, entrance, { value: asEntrance, by: 'bought', untilMs })
  }
  return { ...(colour && { colour }), ...(entrance && { entrance }) }
}
