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
    expect(others).toEqual([
      'ping',
      'tier.reached',
      'segment.entered',
      'segment.left',
      'tier.day_pass',
      'tier.warned',
      'tier.lost',
      'privileges.gained',
      'privileges.lost',
      'growth.changed',
      'webhook.off',
      'replay.ready',
      'reward.low_stock',
      'reward.sold_out',
      'economy.alarm',
      'experiment.stopped',
    ])
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

describe('what is told beside the ledger', () => {
  const batch = { atMs: 5, entries: [], growth: [], kept: [], ledger: [] }
  const grown = { account: 7, version: 4, ladder: 1, rung: 0, from: 0, ref: 'r-1' }

  test('[K17] growth that was taken back, with the tier it led to, and no change of nothing', () => {
    const growth = [
      { ...grown, cause: 'revoked' as const, growth: -50, subject: 'order-9' },
      { ...grown, cause: 'revoked' as const, growth: 0, subject: 'order-9' },
    ]
    expect(happeningsOf({ ...batch, growth }, published)).toEqual([
      expect.objectContaining({
        ...{ type: 'growth.changed', account: 7, place: 'g0' },
        data: expect.objectContaining({
          ...{ growth: -50, rung: 0, cause: 'revoked', subject: 'order-9' },
          tier: published.book.ladder.rungs[0]?.id,
        }),
      }),
    ])
  })

  test('[K17] a merge tells both numbers, of points and of growth', () => {
    const numbers = { from: formatAccount(9), into: formatAccount(7) }
    const growth = [{ ...grown, cause: 'merged_in' as const, growth: 5, subject: formatAccount(9) }]
    const told = happeningsOf({ ...batch, growth }, published)
    const moved = of(entry('merged_in', { account: 7, subject: formatAccount(9) }))
    for (const one of [...told, ...moved])
      expect(one).toMatchObject({ account: 7, other: 9, data: numbers })
  })

  test('[K17] a day pass with its end, and nothing else that is kept', () => {
    const fields: [string, Buffer][] = [
      ['rungs', Buffer.from('1')],
      ['until', Buffer.from('1790000000000')],
    ]
    const kept = (['pass', 'invite', 'order', 'owned', 'note'] as const).map((kind) => ({
      ...{ account: 7, kind, key: '', fields },
    }))
    expect(happeningsOf({ ...batch, kept }, published)).toEqual([
      expect.objectContaining({
        type: 'tier.day_pass',
        data: { rungs: 1, untilMs: 1_790_000_000_000 },
      }),
    ])
  })
})
