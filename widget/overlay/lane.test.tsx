/** The lane: one moment at a time, what says the same is one line, old news is no news. */

import { describe, expect, it } from 'vitest'
import type { Moment } from '../../shared/room-state.ts'
import { ManualRuntime } from '../client/testing.ts'
import { createLane, enqueue, type Item, itemOf } from './lane.ts'
import { LANE_GAP_MS, LANE_MAX, LANE_STAY_MS, STALE_MS } from './limits.ts'
import { NOW_MS, taskOf } from './testing.ts'

const reached = (rung: number, names: string[], others = 0): Item => ({
  kind: 'reached',
  rung,
  names,
  others,
  text: '',
})
const won = (n: number): Item => ({ kind: 'won', won: n })
const heat = (level: number): Item => ({ kind: 'heat', level })
const task: Item = { kind: 'task', task: taskOf() }

describe('queue', () => {
  it('[O8] counts up tier-ups of one rung instead of stacking them', () => {
    const queue = [reached(2, ['小美']), reached(2, ['阿哲'], 36), reached(3, ['林深'])].reduce(
      enqueue,
      [] as Item[],
    )
    expect(queue).toEqual([reached(2, ['小美'], 37), reached(3, ['林深'])])
  })

  it('[O8] only the newest heat level waits', () => {
    expect([heat(2), heat(3)].reduce(enqueue, [] as Item[])).toEqual([heat(3)])
  })

  it('[O8] what the host does goes first, tier-ups of others last', () => {
    const queue = [reached(1, ['a']), heat(2), task].reduce(enqueue, [] as Item[])
    expect(queue.map(({ kind }) => kind)).toEqual(['task', 'heat', 'reached'])
  })

  it('[O8] holds its maximum and drops the least', () => {
    let queue: Item[] = [reached(1, ['a'])]
    for (let i = 0; i < LANE_MAX; i++) queue = enqueue(queue, won(i))
    expect(queue).toHaveLength(LANE_MAX)
    expect(queue.some(({ kind }) => kind === 'reached')).toBe(false)
  })
})

describe('lane', () => {
  it('[O8] shows one at a time and says how many wait', () => {
    const runtime = new ManualRuntime()
    const lane = createLane(runtime)
    lane.push(task)
    lane.push(won(3))
    lane.push(heat(4))
    expect([lane.shown.value?.item.kind, lane.waiting.value]).toEqual(['task', 2])
    runtime.advance(LANE_STAY_MS)
    expect(lane.shown.value).toBeUndefined()
    runtime.advance(LANE_GAP_MS)
    expect([lane.shown.value?.item.kind, lane.waiting.value]).toEqual(['won', 1])
    runtime.advance(2 * (LANE_STAY_MS + LANE_GAP_MS))
    expect(lane.shown.value).toBeUndefined()
    lane.push(won(1))
    expect(lane.shown.value?.item).toEqual(won(1))
  })

  it('[O8] the line that stands there counts up in place', () => {
    const lane = createLane(new ManualRuntime())
    lane.push(reached(2, ['小美']))
    const key = lane.shown.value?.key
    lane.push(reached(2, ['阿哲'], 2))
    expect(lane.shown.value).toEqual({ key, item: reached(2, ['小美'], 3) })
    expect(lane.waiting.value).toBe(0)
  })

  it('[O16] quiet mode empties it at once', () => {
    const runtime = new ManualRuntime()
    const lane = createLane(runtime)
    lane.push(task)
    lane.push(heat(1))
    lane.clear()
    runtime.advance(60_000)
    expect(lane.shown.value).toBeUndefined()
  })
})

describe('moments', () => {
  const up: Moment = {
    seq: 1,
    atMs: NOW_MS,
    kind: 'tier.reached',
    ladder: 'cn-5',
    rung: 2,
    names: ['小美', '阿哲'],
    handles: ['a', 'b'],
    others: 0,
  }
  it('[O9] leaves the own tier-up to the celebration', () => {
    expect(itemOf(up, NOW_MS, 'a')).toMatchObject({ names: ['阿哲'] })
    expect(itemOf({ ...up, names: ['小美'], handles: ['a'] }, NOW_MS, 'a')).toBeUndefined()
    expect(itemOf(up, NOW_MS, 'c')).toMatchObject({ names: ['小美', '阿哲'] })
  })
  it('[O9] does not play what is history', () => {
    expect(itemOf(up, NOW_MS + STALE_MS, 'c')).toBeDefined()
    expect(itemOf(up, NOW_MS + STALE_MS + 1, 'c')).toBeUndefined()
  })
})
