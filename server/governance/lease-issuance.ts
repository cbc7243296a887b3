/** The platform's cap on issued points: processes lease from it and pay awards from their lease. */

import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds } from '../../shared/time.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import freeSource from './free-leases.lua'
import idleSource from './idle-leases.lua'
import { issuanceKey, issuedKey, salesKey } from './keys.ts'
import source from './lease-issuance.lua'
import {
  ISSUANCE_LIFE_MS,
  ISSUANCE_MARGIN_MS,
  ISSUED_DAYS_KEPT,
  UNBOUND_LIFE_MS,
} from './limits.ts'

const script = defineScript({
  name: 'governance.lease-issuance',
  source,
  keys: ['issuance', 'issued', 'sales'],
  args: {
    now_ms: 'int',
    incarnation: 'str',
    sequence: 'int',
    leased: 'int',
    paid: 'int',
    unknown: 'int',
    beside: 'int',
    need: 'int',
    want: 'int',
    ends: 'int',
    bps: 'int',
    point_fen: 'int',
    day: 'int',
    day_ends_ms: 'int',
    first: 'int',
    next_first: 'int',
    oldest: 'int',
    life_ms: 'int',
    unbound_life_ms: 'int',
  },
  replies: {
    ok: {
      leased: 'int',
      left: 'int',
      now_ms: 'int',
      ends_ms: 'int',
      binds: 'int',
      used: 'int',
      most: 'int',
      set: 'int',
    },
    forgotten: {},
    unready: {},
  },
})

const idleScript = defineScript({
  name: 'governance.idle-leases',
  source: idleSource,
  keys: ['issuance'],
  args: { now_ms: 'int', margin_ms: 'int' },
  replies: {
    some: { base: 'int', paid: 'int', beside: 'int', incarnations: 'list' },
    none: {},
  },
})

const freeScript = defineScript({
  name: 'governance.free-leases',
  source: freeSource,
  keys: ['issuance'],
  args: { now_ms: 'int', margin_ms: 'int', most: 'int' },
  each: { keys: [], args: { incarnation: 'str' } },
  replies: { freed: { points: 'int' } },
})

/** Of the rulebook: what the cap and its period are made of. */
export type IssuanceTerms = Pick<Rulebook, 'issuance' | 'pointValueFen' | 'timeZone'>

export interface IssuanceAsk {
  /** Of the process that asks: each start is another. */
  incarnation: string
  /** Rises with each call of the incarnation; a call that comes late changes nothing. */
  sequence: number
  /** Points leased so far, all told, less what is given back with this call. */
  leased: number
  /** Points that were certainly paid, all told. */
  paid: number
  /** Points of calls without an answer, all told: they stay leased. */
  unknown: number
  /** Points issued since the last call that the cap does not bound. */
  beside: number
  /** The least that is of use now: given whole where it is there. */
  need: number
  /** What should be free to pay afterwards; of it a process gets at most a fair share of what is left. */
  want: number
  /** The process leaves; what it has not paid is free again. */
  ends: boolean
}

export interface IssuanceLease {
  tag: 'ok'
  /** Points leased to this process, all told. They may be paid once this is durable. */
  leased: number
  /** Points of the cap that nobody has leased; undefined while none binds. */
  left: number | undefined
  /** Redis time of the answer, and until when the process may pay without another. */
  atMs: number
  endsAtMs: number
  /** The cap holds, or will soon. */
  binds: boolean
  /** Issued in the period. */
  used: number
  /** The cap; undefined while none binds. */
  most: number | undefined
  /** The brown-out level that somebody has set; 0 is none. */
  set: number
}

/** Basis points of the ratio; 0 where nothing bounds. */
export const bpsOf = ({ issuance }: IssuanceTerms): number =>
  issuance.atCap === 'off' ? 0 : Math.round(issuance.ratio * 10_000)

const ROLLING_DAYS = 365
const DAY_MS = 86_400_000

/** The first day of the period that a day is in. */
function firstDay({ issuance }: IssuanceTerms, day: number): number {
  if (issuance.period === 'rolling') return day - ROLLING_DAYS + 1
  return Date.UTC(new Date(day * DAY_MS).getUTCFullYear(), 0, 1) / DAY_MS
}

/** Today, and where the period began, for a script that may run tomorrow. */
export function periodAround(terms: IssuanceTerms, aroundMs: number) {
  const { day, endsAtMs } = dayBounds(aroundMs, terms.timeZone)
  return {
    day,
    day_ends_ms: endsAtMs,
    first: firstDay(terms, day),
    next_first: firstDay(terms, day + 1),
    oldest: day - ISSUED_DAYS_KEPT,
  }
}

/** `aroundMs` chooses the days. Throws where Redis cannot be reached. */
export async function leaseIssuance(
  store: Store,
  ask: IssuanceAsk,
  at: { terms: IssuanceTerms; aroundMs: number; nowMs?: number },
): Promise<IssuanceLease | { tag: 'forgotten' | 'unready' }> {
  const { ends, ...numbers } = ask
  const reply = await script.run(store, {
    keys: { issuance: issuanceKey, issued: issuedKey, sales: salesKey },
    args: {
      now_ms: scriptNow(at.nowMs),
      ...numbers,
      ends: ends ? 1 : 0,
      bps: bpsOf(at.terms),
      point_fen: at.terms.pointValueFen,
      ...periodAround(at.terms, at.nowMs ?? at.aroundMs),
      life_ms: ISSUANCE_LIFE_MS,
      unbound_life_ms: UNBOUND_LIFE_MS,
    },
  })
  if (reply.tag !== 'ok') return reply
  const { leased, left, now_ms: atMs, ends_ms: endsAtMs, binds, used, most, set } = reply
  const bound = <T>(value: T) => (most < 0 ? undefined : value)
  return {
    ...{ tag: 'ok', leased, left: bound(left), atMs, endsAtMs },
    ...{ binds: binds === 1, used, most: bound(most), set },
  }
}

/** Counting begins: `issued` is what all partitions had issued before any process leased; the first one says it. */
export async function beginIssuance(store: Store, issued: number): Promise<void> {
  await store.hsetnx(issuanceKey, 'base', issued)
}

/** What the import of a file gave: a liability taken over, which the cap does not bound. `file` names it by letters and digits. */
export async function countImported(store: Store, file: string, points: number): Promise<void> {
  await store.hset(issuanceKey, `i:${file}`, points)
}

/**
 * Frees what processes that ended had leased and not paid, as far as the partitions' counters prove it; answers how many
 * points. `issued` sums these counters, and is called after it is certain that those processes pay nothing more.
 */
export async function freeIdleLeases(
  store: Store,
  { issued, nowMs }: { issued: () => Promise<number>; nowMs?: number },
): Promise<number> {
  const keys = { issuance: issuanceKey }
  const args = { now_ms: scriptNow(nowMs), margin_ms: ISSUANCE_MARGIN_MS }
  const idle = await idleScript.run(store, { keys, args })
  if (idle.tag === 'none') return 0
  const { base, paid, beside, incarnations } = idle
  const most = Math.max(0, (await issued()) - base - paid - beside)
  const each = incarnations.map((name) => ({ keys: {}, args: { incarnation: String(name) } }))
  return (await freeScript.run(store, { keys, args: { ...args, most }, each })).points
}
