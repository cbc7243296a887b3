/** How the platform's issuance stands, and the brown-out that somebody sets. */

import { z } from 'zod'
import { brownoutFactor, brownoutLevel } from '../../shared/rulebook/issuance-levels.ts'
import { dayStartMs } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { issuanceKey, issuedKey, salesKey } from './keys.ts'
import { bpsOf, type IssuanceTerms, periodAround } from './lease-issuance.ts'

/** Who may set a brown-out; the highest level of them holds. */
export type BrownoutSource = 'operator' | 'alarm'

const Note = z.object({ by: z.string(), why: z.string(), atMs: z.number() })

export interface BrownoutSet {
  source: BrownoutSource
  /** 0 ends it. */
  level: number
  by: string
  why: string
  /** Unix ms. */
  atMs: number
}

export interface IssuanceStanding {
  /** Unix ms: the period's first instant, of which sales and points count. */
  sinceMs: number
  salesFen: number
  /** The cap in points; undefined where the rulebook has none, or nobody has reported sales yet. */
  cap: number | undefined
  /** When it binds, Unix ms; undefined before the first report of sales. */
  bindsAtMs: number | undefined
  /** Points issued in the period. */
  used: number
  /** Points leased to processes and not paid yet. */
  leased: number
  /** Points issued beside the cap, ever: balances taken over, tips passed on to hosts. */
  beside: number
  /** The brown-out that holds: its level, what it leaves of an award in thousandths, and who set which. */
  level: number
  factor: number
  set: BrownoutSet[]
}

const capOf = (fen: number, bps: number, pointFen: number): number =>
  Number((BigInt(Math.max(0, fen)) * BigInt(bps)) / 10_000n / BigInt(pointFen))

const sumFrom = (days: Record<string, string>, first: number): number =>
  Object.entries(days).reduce((sum, [day, n]) => (Number(day) >= first ? sum + Number(n) : sum), 0)

const setOf = (stored: Record<string, string>): BrownoutSet[] =>
  (['operator', 'alarm'] as const).flatMap((source) => {
    const [, level, json = '{}'] = /^(\d+) (.*)$/s.exec(stored[source] ?? '') ?? []
    if (level === undefined) return []
    return [{ source, level: Number(level), ...Note.parse(JSON.parse(json)) }]
  })

/** As of what processes have said, which is about a second old. */
export async function readIssuance(
  store: Store,
  terms: IssuanceTerms,
  nowMs: number,
): Promise<IssuanceStanding> {
  const [stored, issued, sales] = await Promise.all(
    [issuanceKey, issuedKey, salesKey].map((key) => store.hgetall(key)),
  )
  const { first } = periodAround(terms, nowMs)
  const { gone = '0', beside = '0', binds } = stored ?? {}
  const standing = { leased: 0, beside: Number(beside) }
  for (const [field, text] of Object.entries(stored ?? {})) {
    const [, leased = 0, paid = 0] = field.startsWith('p:') ? text.split(' ').map(Number) : []
    standing.leased += leased - paid
    if (field.startsWith('i:')) standing.beside += Number(text)
  }
  const used = sumFrom(issued ?? {}, first) + Number(gone)
  const salesFen = sumFrom(sales ?? {}, first)
  const bps = bpsOf(terms)
  const known = binds !== undefined && bps > 0
  const cap = known ? capOf(salesFen, bps, terms.pointValueFen) : undefined
  const set = setOf(stored ?? {})
  const by = Math.max(0, ...set.map((one) => one.level))
  const most = known && nowMs >= Number(binds) ? cap : undefined
  const level = brownoutLevel(terms.issuance, { used, most, set: by })
  return {
    sinceMs: dayStartMs(first, terms.timeZone),
    ...{ salesFen, cap, used, ...standing, level, set },
    bindsAtMs: known ? Number(binds) : undefined,
    factor: brownoutFactor(terms.issuance, level),
  }
}

/**
 * Sets the brown-out of an operator or of an alarm; every process follows within a second or two. A level above the
 * rulebook's highest is the highest; 0 ends what that source had set, and leaves who ended it.
 */
export async function setBrownout(store: Store, set: BrownoutSet): Promise<void> {
  const { source, level, ...note } = set
  await store.hset(issuanceKey, source, `${level} ${JSON.stringify(note)}`)
}
