/** Refunds of one order by parts: what each takes back, and what it withholds, so that all of them make the whole. */

import { z } from 'zod'
import type { PointRate } from '../../shared/rulebook/redemption.ts'
import type { KeptEntry } from '../wallet/index.ts'

const PART = 'part:'
const DONE = 'done:'
export const partField = (id: string): string => PART + id
export const doneField = (id: string): string => DONE + id

const Part = z.object({
  id: z.string(),
  fen: z.number(),
  points: z.number(),
  growth: z.number(),
  /** From whom it is taken first, decided once: a merge between two attempts must not take it twice. */
  account: z.number(),
  /** What had been refunded before, fen. */
  was: z.number().default(0),
})
export type Part = z.infer<typeof Part>

const Done = z.object({
  points: z.number(),
  growth: z.number(),
  /** Of cash-back, what was due. */
  cash: z.number().default(0),
  withholdFen: z.number().default(0),
  /** By which what was missing was worth money; older ones do not say it. */
  rate: z.object({ fen: z.number(), points: z.number() }).optional(),
})
export type Done = z.infer<typeof Done>

export const readPart = (text: string): Part => Part.parse(JSON.parse(text))
export const readDone = (text: string): Done => Done.parse(JSON.parse(text))

/** The fields of an order's record. */
type Kept = Readonly<Record<string, string>>

/** Every part that was noted, the first one first. */
export const partsOf = (kept: Kept): Part[] =>
  Object.entries(kept)
    .filter(([field]) => field.startsWith(PART))
    .map(([, text]) => readPart(text))
    .sort((a, b) => a.was - b.was)

/** What an element of the journal tells of an order's sale: fen that were paid, or paid back as a negative number. */
export function soldBy({ kind, fields }: KeptEntry): number {
  if (kind !== 'order') return 0
  let fen = 0
  for (const [name, value] of fields) {
    if (name === 'fen') fen += Number(value)
    if (name.startsWith(PART)) fen -= readPart(String(value)).fen
  }
  return fen
}

/** Of what the whole order earned, what belongs to the money that is kept: rounded down, as it was when it was earned. */
export const keptShare = (
  whole: number,
  { fen, refunded }: { fen: number; refunded: number },
): number => Number((BigInt(whole) * BigInt(fen - refunded)) / BigInt(fen))

/** What is to be taken back once so much is refunded, less what earlier parts were to take. */
export function dueOf(kept: Kept, refunded: number): { points: number; growth: number } {
  const due = { points: 0, growth: 0 }
  for (const what of ['points', 'growth'] as const) {
    const whole = Number(kept[what] ?? 0)
    const before = partsOf(kept).reduce((sum, part) => sum + part[what], 0)
    due[what] = whole - keptShare(whole, { fen: Number(kept.fen), refunded }) - before
  }
  return due
}

/**
 * What is to be kept back of this part's money: what is missing by all parts so far is worth, rounded down once, less
 * what earlier ones have kept back; what does not fit into one part waits for the next.
 */
export function withheldBy(
  part: Part,
  of: { kept: Kept; missing: number; rate: PointRate },
): number {
  let [worth, per] = [0n, 1n]
  const add = (missing: number, rate: PointRate) => {
    const points = BigInt(rate.points)
    worth = worth * points + BigInt(missing) * BigInt(rate.fen) * per
    per *= points
  }
  let before = 0
  for (const earlier of partsOf(of.kept)) {
    const text = of.kept[doneField(earlier.id)]
    if (earlier.was >= part.was || text === undefined) continue
    const done = readDone(text)
    if (done.rate) add(earlier.points + done.cash - done.points, done.rate)
    else add(done.withholdFen, { fen: 1, points: 1 })
    before += done.withholdFen
  }
  add(of.missing, of.rate)
  return Math.max(0, Math.min(part.fen, Number(worth / per) - before))
}
