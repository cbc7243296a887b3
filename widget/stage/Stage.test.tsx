/** The stage on screen: what stands in the picture, and when nothing does. */

import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import type { Moment, MomentBody, RoomState } from '../../shared/room-state.ts'
import { NOW_MS, roomOf } from '../dev/room-states.ts'
import { testRuntime } from '../host/testing.ts'
import { CUT_OFF_MS, LANE_GAP_MS, LEAVE_MS } from './limits.ts'
import { createStageModel } from './model.ts'
import { Stage } from './Stage.tsx'

afterEach(() => act(() => render(null, document.body)))

function open() {
  const runtime = testRuntime()
  const room = signal<RoomState | undefined>(roomOf('zh', NOW_MS))
  const online = signal(true)
  let hear: (moment: Moment) => void = () => {}
  const serverNow = () => NOW_MS + runtime.now()
  const model = createStageModel(
    {
      room,
      online,
      serverNow,
      onMoment: (listener) => {
        hear = listener
        return () => {}
      },
    },
    runtime,
  )
  act(() => render(<Stage model={model} lang="zh" />, document.body))
  let seq = 1
  const happen = (body: MomentBody, agoMs = 0) =>
    act(() => hear({ seq: ++seq, atMs: serverNow() - agoMs, ...body }))
  const pass = (ms: number) => act(() => runtime.pass(ms))
  return { room, online, model, happen, pass }
}
const plates = () => [...document.querySelectorAll('.p')].map((p) => p.className)
const text = (selector: string) => document.querySelector(selector)?.textContent

const announced: MomentBody = {
  kind: 'tier.announced',
  ladder: 'cn-5',
  rung: 2,
  names: ['小美'],
  others: 37,
  text: '现在下单立减 10 元',
}
const reached = (names: string[], others: number): MomentBody => ({
  kind: 'tier.reached',
  ladder: 'cn-5',
  rung: 2,
  names,
  handles: [],
  others,
})

describe('stage', () => {
  it('[001-26] an announcement shows name, tier and call to action', () => {
    const { happen } = open()
    happen(announced)
    expect(text('.fan .names')).toBe('小美 和另外 37 人')
    expect(text('.fan .s2')).toBe('升级为白银会员')
    expect(text('.fan .cta')).toBe('现在下单立减 10 元')
  })

  it('[001-26] many tier-ups are one line', () => {
    const { happen } = open()
    happen(reached(['小美'], 3))
    happen(reached(['老陈', 'momo'], 31))
    expect(plates().filter((p) => p.includes('fan'))).toHaveLength(1)
    expect(text('.fan .names')).toBe('小美 和另外 36 人')
  })

  it('[001-27] a countdown runs on the server clock and shows what is left', () => {
    const { room, pass } = open()
    act(() => {
      room.value = { ...roomOf('zh', NOW_MS), campaigns: [] }
    })
    expect(text('.cd .big')).toBe('9:42')
    expect(text('.cd .s1')).toBe('名额剩余 38/50')
    pass(582_000)
    expect(text('.cd')).toBeUndefined()
  })

  it('shows at most three plates: the board makes way for an effect', () => {
    const { happen, pass } = open()
    expect(plates()).toEqual(['p heat', 'p cd', 'p board'])
    happen(announced)
    expect(plates()).toEqual(['p heat', 'p cd', 'p fan announced'])
    pass(60_000)
    expect(plates()).toEqual(['p heat', 'p cd', 'p board'])
  })

  it('grows the heat plate for a level-up and shrinks it back', () => {
    const { happen, pass } = open()
    happen({ kind: 'heat.rose', level: 4 })
    expect(plates()[0]).toBe('p lvl')
    expect(text('.lvl .num')).toBe('4')
    pass(4500 + LEAVE_MS + LANE_GAP_MS)
    expect(plates()[0]).toBe('p heat')
  })

  it('safe mode shows nothing, and nothing of it afterwards', () => {
    const { room, happen, pass } = open()
    happen(announced)
    happen({ kind: 'stage.safe', safe: true })
    act(() => {
      room.value = { ...roomOf('zh', NOW_MS), safe: true }
    })
    expect(plates()).toEqual([])
    happen(announced)
    act(() => {
      room.value = roomOf('zh', NOW_MS)
    })
    pass(2000)
    expect(plates()).toEqual(['p heat', 'p cd', 'p board'])
  })

  it('plays nothing that happened while OBS hid the source or long ago', () => {
    const { model, happen, pass } = open()
    act(() => model.setVisible(false))
    happen(announced)
    act(() => model.setVisible(true))
    happen(announced, 60_000)
    pass(1000)
    expect(plates()).toEqual(['p heat', 'p cd', 'p board'])
    happen(announced)
    expect(plates()).toContain('p fan announced')
  })

  it('falls silent where it is cut off, because it would not hear of safe mode', () => {
    const { online, pass } = open()
    act(() => {
      online.value = false
    })
    pass(CUT_OFF_MS - 1)
    expect(plates()).toHaveLength(3)
    pass(1)
    expect(plates()).toEqual([])
    act(() => {
      online.value = true
    })
    expect(plates()).toHaveLength(3)
  })

  it('shows a picked comment as text, whatever is in it', () => {
    const { happen } = open()
    happen({
      kind: 'comment.spotlit',
      comment: {
        id: 1,
        handle: 'h',
        name: '阿哲',
        rung: 1,
        text: '<b>要煮多久</b>',
        atMs: NOW_MS,
      },
    })
    expect(text('.fan.spot .say')).toBe('<b>要煮多久</b>')
    expect(document.querySelector('.fan.spot .say b')).toBeNull()
  })

  it('[000-20] a broadcast is shown alone; tips behind it add up and wait their turn', () => {
    const { happen, pass } = open()
    const tip = (name: string, points: number) =>
      happen({ kind: 'tip.given', handle: name, name, points })
    happen({ kind: 'broadcast.shown', handle: 'h', name: '小美', rung: 1, text: '<b>生日快乐</b>' })
    tip('老陈', 50)
    tip('momo', 200)
    expect(text('.fan.broadcast .say')).toBe('<b>生日快乐</b>')
    expect(document.querySelectorAll('.fan')).toHaveLength(1)
    pass(6000 + LEAVE_MS + LANE_GAP_MS)
    expect(document.querySelectorAll('.fan')).toHaveLength(1)
    expect(text('.fan.tip')).toContain('打赏 250 积分')
  })

  it('[000-20] a broadcast of safe mode is never shown, not even when it ends', () => {
    const { room, happen, pass } = open()
    act(() => {
      room.value = { ...roomOf('zh', NOW_MS), safe: true }
    })
    happen({ kind: 'broadcast.shown', handle: 'h', name: '小美', rung: 1, text: '生日快乐' })
    act(() => {
      room.value = roomOf('zh', NOW_MS)
    })
    pass(2000)
    expect(document.querySelector('.fan')).toBeNull()
  })
})
