/** How rungs are kept, in numbers for scripts; the layout is that of `growth.policy` in tiers/lua/growth.lua. */

import { keepNeeds } from '../../shared/rulebook/demotion-sentences.ts'
import type { Ladder, Rulebook } from '../../shared/rulebook/schema.ts'
import { growthNeeds } from '../../shared/rulebook/ways.ts'
import { dayStartMs, MINUTE_MS } from '../../shared/time.ts'
import { Packer } from '../kernel/index.ts'
import { daysAround } from './days.ts'

/** The last of each book: it holds for a day. */
const packed = new WeakMap<Rulebook, { day: number; bytes: Buffer }>()

/** Windows end at midnights, so that whoever acts on a day has been looked at since. */
export function keepPolicy(book: Rulebook, aroundMs: number): Buffer {
  const { day, endsAtMs } = daysAround(aroundMs, book.timeZone)
  const known = packed.get(book)
  if (known?.day === day) return known.bytes
  const { demotion, timeZone } = book
  const [windowDays, warnDays] =
    demotion.kind === 'grace' ? [demotion.windowDays, demotion.warnDays] : [0, 0]
  const midnight = (days: number) => dayStartMs(day + days, timeZone)
  const needs = keepNeeds(book)
  const out = new Packer().u48(endsAtMs)
  for (const begins of [0, 1]) {
    const ends = begins + windowDays + 1
    out
      .u48(midnight(ends))
      .u16((midnight(ends) - midnight(ends - warnDays)) / MINUTE_MS)
      .u48(midnight(begins + warnDays))
  }
  out.u8(needs.length)
  for (const need of needs) out.u48(need)
  const bytes = out.bytes()
  packed.set(book, { day, bytes })
  return bytes
}

/** Growth that each rung needs. */
export function packThresholds(ladder: Pick<Ladder, 'rungs'>): Buffer {
  const out = new Packer()
  for (const growth of growthNeeds(ladder)) out.u48(growth)
  return out.bytes()
}
