import { describe, expect, test } from 'vitest'
import { formatAccount } from '../../../shared/ids.ts'
import { CAUSES, type Cause, HOLD_USES, type HoldUse } from '../../../shared/ledger.ts'
import { PRESETS } from '../../../shared/rulebook/presets.ts'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import type { SkimmedBatch } from '../../scoring/index.ts'
import { WEBHOOK_EVENT_NAMES } from '../../webhooks/index.ts'
import { happeningsOf } from './happenings.ts'

const published = {
  version: 1,
  publishedAtMs: 0,
  by: 'test',
  book: Rulebook.parse(PRESETS.live),
}
type Entry = SkimmedBatch['ledger'][number]
const entry = (cause: Cause, more: Partial<Entry> = {}): Entry => ({
  account: 7,
  atMs: 5,
  version: 3,
  cause,
  at: 1,
  live: 0,
  ref: 'ref-1',
  subject: '',
  by: '',
  moves: [],
  ...more,
})
const of = (...ledger: Entry[]) =>
  happeningsOf({ atMs: 5, entries: [], growth: [], kept: [], ledger }, published)
const typeOf = (cause: Cause, use?: HoldUse) => of(entry(cause, { ...(use && { use }) }))[0]?.type

describe('what is told of the ledger', () => {
  test('[K4] what is only a step on the way is not told', () => {
    for (const cause of ['live_ended', 'held', 'voided', 'lapsed', 'renewed', 'pending'] as const)
      expect(typeOf(cause), cause).toBeUndefined()
    for (const use of ['transfer', 'merge', 'pending'] as const)
      for (const cause of ['captured', 'refunded'] as const)
        expect(typeOf(cause, use), use).toBeUndefined()
  })

  test('[K4] by what points were held for a capture is told as one thing or another', () => {
    expect(typeOf('captured', 'redemption')).toBe('reward.redeemed')
    expect(typeOf('refunded', 'redemption')).toBe('reward.refunded')
    for (const use of ['checkout', 'effect', 'draw'] as const) {
      expect(typeOf('captured', use)).toBe('points.spent')
      expect(typeOf('refunded', use)).toBe('points.refunded')
    }
  })

  test('[K4] every event of points can be subscribed to, and all but the ping and the stock of rewards come from the journal', () => {
    const uses = [undefined, ...(Object.keys(HOLD_USES) as HoldUse[])]
    const told = new Set(
      (Object.keys(CAUSES) as Cause[]).flatMap((cause) =>
        uses.flatMap((use) => typeOf(cause, use) ?? []),
      ),
    )
    const others = WEBHOOK_EVENT_NAMES.filter((name) => !told.has(name))
    expect(others).toEqual(['ping', 'tier.reached', 'reward.low_stock', 'reward.sold_out'])
  })

  test('[K4] of a part captured only what was spent counts', () => {
    const lot = { issuer: 1, live: 0, month: 0, toMonth: 0 }
    const [told] = of(
      entry('captured', {
        use: 'checkout',
        moves: [
          { ...lot, from: 'held', to: 'spent', points: 60 },
          { ...lot, from: 'held', to: 'spendable', points: 40 },
        ],
      }),
    )
    expect(told?.data).toMatchObject({ points: 60, changes: { held: -100, spendable: 40 } })
  })

  test('[K4] a notice says how many points and until when', () => {
    expect(of(entry('expiring', { subject: '250', untilMs: 99 }))[0]).toMatchObject({
      type: 'points.expiring',
      data: { version: 3, points: 250, untilMs: 99 },
    })
  })

  test('[K4 002-29] a reminder names the redemption, its reward and the end of its code', () => {
    const [told] = of(entry('pickup_ending', { ref: 'wish-1', subject: 'oats', untilMs: 99 }))
    expect(told).toMatchObject({
      type: 'reward.pickup_ending',
      data: { ref: 'wish-1', reward: 'oats', untilMs: 99 },
    })
  })

  test('[K14] the other account of a transfer is named apart, so that it can be left out', () => {
    for (const subject of [formatAccount(1234), '1234']) {
      const [told] = of(entry('sent', { subject }))
      expect(told).toMatchObject({ type: 'points.sent', other: 1234 })
      expect(told?.data).not.toHaveProperty('subject')
    }
    expect(of(entry('sent', { subject: 'somebody' }))[0]?.data).not.toHaveProperty('subject')
  })

  test('[K13] where a happening stands does not depend on what else is told', () => {
    const places = of(entry('held'), entry('adjusted'), entry('voided'), entry('frozen'))
    expect(places.map(({ place }) => place)).toEqual(['1', '3'])
  })
})
