/** Effects queue, merge and never overlap. */

import { effect as watch } from '@preact/signals'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Moment } from '../../shared/room-state.ts'
import { testRuntime } from '../host/testing.ts'
import { createLane, type Effect, type EffectBody, effectOf, STAYS } from './lane.ts'
import { LANE_GAP_MS, LANE_MAX, LEAVE_MS, STALE_MS } from './limits.ts'

const comment = { id: 1, handle: 'h', name: '阿哲', rung: 1, text: '要煮多久', atMs: 0 }
const announced: EffectBody = { kind: 'announced', rung: 2, names: ['小美'], others: 37, text: '' }
const reached = (rung: number, names: string[], others = 0): EffectBody => ({
  kind: 'reached',
  rung,
  names,
  others,
})
const level = (n: number): EffectBody => ({ kind: 'level', level: n })

interface Shown {
  effect: Effect
  fromMs: number
  toMs: number
}

function stage() {
  const runtime = testRuntime()
  const lane = createLane(runtime)
  const log: Shown[] = []
  watch(() => {
    const effect = lane.shown.value
    const last = log.at(-1)
    if (effect && last?.effect.key === effect.key) {
      last.effect = effect
      return
    }
    if (last && last.toMs < 0) last.toMs = runtime.now()
    if (effect) log.push({ effect, fromMs: runtime.now(), toMs: -1 })
  })
  return { runtime, lane, log }
}

describe('lane', () => {
  it('[001-26] shows an announcement for its time and lets it go by itself', () => {
    const { runtime, lane, log } = stage()
    lane.push(announced)
    expect(lane.shown.value).toMatchObject(announced)
    runtime.pass(STAYS.announced.maxMs)
    expect(lane.leaving.value).toBe(true)
    runtime.pass(LEAVE_MS)
    expect(lane.shown.value).toBeUndefined()
    expect(log).toHaveLength(1)
  })

  it('goes on after its shortest time when something waits', () => {
    const { runtime, lane } = stage()
    lane.push({ kind: 'spotlight', comment })
    runtime.pass(STAYS.spotlight.minMs + 3000)
    expect(lane.shown.value?.kind).toBe('spotlight')
    lane.push(announced)
    runtime.pass(LEAVE_MS + LANE_GAP_MS)
    expect(lane.shown.value?.kind).toBe('announced')
  })

  it('never shows two at once and always rests in between, for any sequence', () => {
    const body = fc.oneof(
      fc.constant(announced),
      fc.integer({ min: 1, max: 4 }).map((rung) => reached(rung, ['a'], 2)),
      fc.integer({ min: 1, max: 5 }).map(level),
      fc.constant<EffectBody>({ kind: 'spotlight', comment }),
      fc.constant<EffectBody>({ kind: 'won', task: 1, won: 3 }),
    )
    const pushes = fc.array(fc.tuple(body, fc.integer({ min: 0, max: 4000 })), { maxLength: 60 })
    fc.assert(
      fc.property(pushes, (sequence) => {
        const { runtime, lane, log } = stage()
        for (const [effect, waitMs] of sequence) {
          lane.push(effect)
          expect(lane.waiting.value).toBeLessThanOrEqual(LANE_MAX)
          runtime.pass(waitMs)
        }
        runtime.pass(600_000)
        expect(lane.shown.value).toBeUndefined()
        log.forEach(({ effect, fromMs, toMs }, i) => {
          expect(toMs - fromMs).toBeGreaterThanOrEqual(STAYS[effect.kind].minMs)
          const next = log[i + 1]
          if (next) expect(next.fromMs - toMs).toBeGreaterThanOrEqual(LANE_GAP_MS)
        })
      }),
      { numRuns: 200 },
    )
  })

  it('[001-26] counts tier-ups of one rung into one line, losing nobody', () => {
    const { runtime, lane, log } = stage()
    lane.push(announced)
    for (let i = 0; i < 5000; i++) lane.push(reached(1, [`v${i}`], 0))
    expect(lane.waiting.value).toBe(1)
    runtime.pass(60_000)
    const people = log
      .map(({ effect }) => effect)
      .filter((e) => e.kind === 'reached')
      .reduce((sum, e) => sum + e.names.length + e.others, 0)
    expect(people).toBe(5000)
    expect(log).toHaveLength(2)
  })

  it('counts up the line that stands there', () => {
    const { lane } = stage()
    lane.push(reached(1, ['a'], 0))
    lane.push(reached(1, ['b', 'c'], 4))
    expect(lane.shown.value).toMatchObject({ names: ['a'], others: 6 })
    expect(lane.waiting.value).toBe(0)
  })

  it('[001-26] announcements go first and take the place of the line that says the same', () => {
    const { runtime, lane } = stage()
    lane.push(level(1))
    lane.push(reached(2, ['小美'], 37))
    lane.push({ kind: 'won', task: 1, won: 2 })
    lane.push(announced)
    expect(lane.waiting.value).toBe(2)
    runtime.pass(STAYS.level.maxMs + LEAVE_MS + LANE_GAP_MS)
    expect(lane.shown.value?.kind).toBe('announced')
  })

  it('of level-ups only the newest waits', () => {
    const { runtime, lane } = stage()
    lane.push(announced)
    lane.push(level(2))
    lane.push(level(3))
    runtime.pass(STAYS.announced.minMs + LEAVE_MS + LANE_GAP_MS)
    expect(lane.shown.value).toMatchObject({ kind: 'level', level: 3 })
    expect(lane.waiting.value).toBe(0)
  })

  it('drops everything at once', () => {
    const { runtime, lane } = stage()
    lane.push(announced)
    lane.push(level(2))
    lane.clear()
    expect(lane.shown.value).toBeUndefined()
    runtime.pass(60_000)
    expect(lane.shown.value).toBeUndefined()
    lane.push(level(4))
    expect(lane.shown.value).toMatchObject({ level: 4 })
  })
})

describe('moments', () => {
  const moment = (rest: object) => ({ seq: 1, atMs: 1000, ...rest }) as Moment

  it('become effects while they are fresh', () => {
    const said = moment({
      kind: 'tier.announced',
      ladder: 'l',
      rung: 2,
      names: ['a'],
      others: 0,
      text: 'x',
    })
    expect(effectOf(said, 1000 + STALE_MS)).toMatchObject({ kind: 'announced', text: 'x' })
    expect(effectOf(said, 1001 + STALE_MS)).toBeUndefined()
  })

  it('without anything to see are none', () => {
    expect(effectOf(moment({ kind: 'task.ended', task: 1, won: 0 }), 1000)).toBeUndefined()
    expect(effectOf(moment({ kind: 'campaign.ended', campaign: 1 }), 1000)).toBeUndefined()
  })
})
