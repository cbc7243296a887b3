import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ACTS_MAX,
  type Behaviour,
  DAYS_KEPT,
  figuresOf,
  JOINED_MAX,
  joined,
  newBehaviour,
  noted,
  OFFER_STATES_MAX,
  PLACES_MAX,
  type Seen,
} from './behaviour.ts'
import type { Action } from './receipt.ts'
import { PRESETS } from './rulebook/presets.ts'
import { Rulebook } from './rulebook/schema.ts'
import { TargetingPolicy } from './rulebook/targeting.ts'
import { advanced, type Consequence, factorOf, reviewed, segmentsOf } from './segments.ts'
import { DAY_MS, MINUTE_MS } from './time.ts'

const START_DAY = 20_000
const { targeting } = Rulebook.parse(PRESETS.live)

const seenAt = (day: number, more: Partial<Seen> = {}): Seen => ({
  atMs: day * DAY_MS,
  day,
  hour: 20,
  live: day,
  room: 'kitchen',
  kind: '',
  started: false,
  watchedSec: 0,
  acts: {},
  spentFen: 0,
  ...more,
})

const ACTS: Action[] = ['like', 'comment', 'share', 'browse', 'order', 'question']
/** A life of somebody, in order of time. */
const lives = fc
  .array(
    fc.record({
      afterMinutes: fc.integer({ min: 0, max: 3 * 24 * 60 }),
      live: fc.integer({ min: 0, max: 5 }),
      watchedSec: fc.integer({ min: 0, max: 1800 }),
      started: fc.boolean(),
      act: fc.option(fc.constantFrom(...ACTS), { nil: undefined }),
      spentFen: fc.integer({ min: 0, max: 10_000 }),
      room: fc.constantFrom('kitchen', 'garden', 'a', 'b', 'c', 'd'),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let atMs = START_DAY * DAY_MS
    return steps.map(({ afterMinutes, act, ...of }): Seen => {
      atMs += afterMinutes * MINUTE_MS
      const day = Math.floor(atMs / DAY_MS)
      const hour = Math.floor((atMs % DAY_MS) / (60 * MINUTE_MS))
      return { ...of, atMs, day, hour, kind: of.room, acts: act ? { [act]: 1 } : {} }
    })
  })

const POLICY = TargetingPolicy.parse({
  ...targeting,
  offers: [
    { id: 'first', label: { zh: '一', en: 'one' }, ask: 'comment', points: 5 },
    {
      id: 'each',
      label: { zh: '二', en: 'two' },
      watchedMinutes: 5,
      ask: 'share',
      points: 5,
      often: 'live',
    },
  ],
})

function lived(life: readonly Seen[], policy = POLICY) {
  let behaviour: Behaviour = newBehaviour(life[0]?.day ?? START_DAY)
  const all: Consequence[] = []
  for (const seen of life) {
    const step = advanced(behaviour, seen, policy)
    behaviour = step.behaviour
    all.push(...step.consequences)
  }
  return { behaviour, all }
}

describe('what is remembered', () => {
  it('[TG1] is bounded, whatever somebody does', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { behaviour } = lived(life)
        expect(behaviour.days.length).toBeLessThanOrEqual(DAYS_KEPT)
        expect(behaviour.rooms.length).toBeLessThanOrEqual(PLACES_MAX)
        expect(behaviour.kinds.length).toBeLessThanOrEqual(PLACES_MAX)
        expect(behaviour.offers.length).toBeLessThanOrEqual(OFFER_STATES_MAX)
      }),
    )
  })

  it('[TG1] counts everything that was watched, said and spent', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { behaviour } = lived(life)
        const sum = (of: (seen: Seen) => number) => life.reduce((all, seen) => all + of(seen), 0)
        expect(behaviour.watchedSec).toBe(sum(({ watchedSec }) => watchedSec))
        expect(behaviour.spentFen).toBe(sum(({ spentFen }) => spentFen))
        expect(behaviour.comments).toBe(
          sum(({ acts }) => (acts.comment ?? 0) + (acts.question ?? 0)),
        )
        expect(behaviour.orders).toBe(sum(({ acts }) => acts.order ?? 0))
      }),
    )
  })

  it('[TG2] one more like of somebody who was busy today changes nothing', () => {
    let behaviour = noted(newBehaviour(START_DAY), seenAt(START_DAY, { acts: { like: ACTS_MAX } }))
    const after = noted(behaviour, seenAt(START_DAY, { acts: { like: 5 } }))
    expect(after).toBe(behaviour)
    behaviour = noted(after, seenAt(START_DAY + 1, { acts: { like: 1 } }))
    expect(behaviour).not.toBe(after)
  })

  it('[TG9] of two accounts is the sum, and joining them again changes nothing', () => {
    fc.assert(
      fc.property(lives, lives, (one, two) => {
        const a = lived(one).behaviour
        const b = lived(two).behaviour
        const both = joined(a, b, 7)
        expect(both.watchedSec).toBe(a.watchedSec + b.watchedSec)
        expect(both.comments).toBe(a.comments + b.comments)
        expect(both.firstDay).toBe(Math.min(a.firstDay, b.firstDay))
        expect(joined(both, b, 7)).toBe(both)
        expect(both.days.length).toBeLessThanOrEqual(DAYS_KEPT)
        expect(both.joined.length).toBeLessThanOrEqual(JOINED_MAX)
      }),
    )
  })
})

describe('segments', () => {
  it('[TG3] membership is what was entered less what was left, and what the conditions say', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 0, max: 40 }), (life, later) => {
        const { behaviour, all } = lived(life)
        const day = behaviour.lastDay + later
        const step = reviewed(behaviour, day, POLICY)
        const inside = new Set<string>()
        for (const one of [...all, ...step.consequences]) {
          if (one.kind === 'entered') {
            expect(inside.has(one.segment)).toBe(false)
            inside.add(one.segment)
          } else if (one.kind === 'left') expect(inside.delete(one.segment)).toBe(true)
        }
        const now = segmentsOf(figuresOf(step.behaviour, day), POLICY.segments).map(({ id }) => id)
        expect([...inside].sort()).toEqual([...now].sort())
        expect(step.behaviour.segments.map(({ id }) => id)).toEqual(now)
        // Looking again the same day changes nothing.
        expect(reviewed(step.behaviour, day, POLICY).behaviour).toBe(step.behaviour)
      }),
    )
  })

  it('[TG3 004-20] new, growing, silent, away: a viewer goes through them as time does', () => {
    const at = (of: Behaviour, day: number) =>
      segmentsOf(figuresOf(of, day), targeting.segments).map(({ id }) => id)
    const day = (n: number) => START_DAY + n
    const { behaviour: fresh } = lived([seenAt(day(0), { watchedSec: 600 })], targeting)
    expect(at(fresh, day(0))).toEqual(['new'])
    expect(at(fresh, day(8))).toEqual(['silent'])
    expect(at(fresh, day(30))).toEqual(['away'])
    const { behaviour: grown } = lived(
      [0, 1, 15, 16, 17, 18].map((n) => seenAt(day(n), { watchedSec: 1200, acts: { comment: 1 } })),
      targeting,
    )
    expect(at(grown, day(18))).toEqual(['growing'])
  })

  it('[TG3 004-17] a high tier is cooling when half of what it did is gone', () => {
    const days = [0, 1, 2, 3, 4, 5].map((n) => seenAt(START_DAY + n, { watchedSec: 3600, rung: 3 }))
    const { behaviour } = lived([...days, seenAt(START_DAY + 18, { watchedSec: 600 })], targeting)
    expect(behaviour.segments.map(({ id }) => id)).toContain('cooling')
    const low = lived(
      [...days.map((one) => ({ ...one, rung: 1 })), seenAt(START_DAY + 18, { watchedSec: 600 })],
      targeting,
    )
    expect(low.behaviour.segments.map(({ id }) => id)).not.toContain('cooling')
  })

  it('[TG10] who watches day and night for three days and does nothing else seems to idle', () => {
    const watched = (acts: Seen['acts']) =>
      lived(
        [0, 1, 2].map((n) => seenAt(START_DAY + n, { watchedSec: 17 * 3600, acts })),
        targeting,
      ).behaviour.segments.map(({ id }) => id)
    expect(watched({})).toContain('idle')
    expect(watched({ like: 1 })).not.toContain('idle')
  })

  it('[TG5 002-11] the largest factor of the segments counts', () => {
    const label = { zh: '一', en: 'one' }
    const all = [{ figure: 'lives', atLeast: 0 }] as const
    const policy = TargetingPolicy.parse({
      segments: [
        { id: 'a', label, all, factor: 1.1 },
        { id: 'b', label, all, factor: 1.3 },
        { id: 'c', label, all, factor: 2 },
      ],
    })
    expect(factorOf([{ id: 'a' }, { id: 'b' }], policy)).toBe(1.3)
    expect(factorOf([], policy)).toBe(1)
  })
})

describe('offers', () => {
  it('[TG4] are granted at most once an account, or once a live, and only while they are open', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { all } = lived(life)
        const granted = new Set<string>()
        const open = new Set<string>()
        for (const one of all) {
          if (one.kind === 'offer') open.add(one.offer.id)
          if (one.kind !== 'grant') continue
          expect(open.delete(one.offer.id)).toBe(true)
          const name = one.offer.often === 'ever' ? one.offer.id : `${one.offer.id} ${one.live}`
          expect(granted.has(name)).toBe(false)
          granted.add(name)
        }
      }),
    )
  })

  it('[TG4] an offer of a segment that the rulebook lacks is a mistake', () => {
    const parsed = TargetingPolicy.safeParse({
      offers: [
        { id: 'a', label: { zh: '一', en: 'one' }, segment: 'nobody', ask: 'comment', points: 1 },
      ],
    })
    expect(parsed.error?.issues[0]?.path).toEqual(['offers', 0, 'segment'])
  })
})
