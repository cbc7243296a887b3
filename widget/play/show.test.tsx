import { signal } from '@preact/signals'
import fc from 'fast-check'
import { render } from 'preact'
import { describe, expect, it } from 'vitest'
import type { Moment } from '../../shared/room-state.ts'
import { testRuntime } from '../host/testing.ts'
import type { SheetView } from '../overlay/sheet-view.ts'
import type { Panel } from '../overlay/view.ts'
import { SHOW_MAX, SHOW_STALE_MS } from './limits.ts'
import { ShowView } from './ShowView.tsx'
import { createShow, type Effect, effectOf, enqueue } from './show.ts'
import { SHOW_STRINGS } from './show-strings.ts'

const NOW_MS = 1_000_000
const tip = (name: string, points: number): Effect => ({
  kind: 'tip',
  names: [name],
  others: 0,
  points,
})
const broadcast = (text: string): Effect => ({ kind: 'broadcast', name: '小美', rung: 1, text })

function open(busy = () => false) {
  const runtime = testRuntime()
  const shown = signal<{ key: number; effect: Effect } | undefined>(undefined)
  return { runtime, show: createShow(runtime, shown, busy), shown }
}

describe('effects over the picture', () => {
  it('one at a time: the next comes when the one before is gone, broadcasts first', () => {
    const { runtime, show, shown } = open()
    show.push(tip('小美', 10))
    show.push({ kind: 'entrance', entrance: 'soft', names: ['老陈'], others: 0 })
    show.push(broadcast('第一条'))
    show.push(broadcast('第二条'))
    const seen: string[] = []
    for (let i = 0; i < 300; i++) {
      const { effect } = shown.value ?? {}
      const text = effect && (effect.kind === 'broadcast' ? effect.text : effect.kind)
      if (text && seen.at(-1) !== text) seen.push(text)
      runtime.pass(100)
    }
    expect(seen).toEqual(['tip', '第一条', '第二条', 'entrance'])
    expect(shown.value).toBeUndefined()
  })

  it('what has just opened is a tap away', () => {
    const { show, shown } = open()
    const panel = signal<Panel | undefined>(undefined)
    const title = { zh: '下一场选哪款', en: 'Which one next?' }
    show.push({ kind: 'opened', what: 'vote', title })
    const view = { show: { shown }, panel, p: SHOW_STRINGS.zh, lang: 'zh' }
    render(<ShowView view={view as unknown as SheetView} />, document.body)
    const button = document.querySelector<HTMLElement>('.show button')
    expect(button?.textContent).toContain('投票开始 · 下一场选哪款')
    button?.click()
    expect(panel.value).toBe('play')
    render(null, document.body)
  })

  it('tips that wait are one line that adds up, arrivals one that counts', () => {
    const queue = [tip('小美', 10), tip('老陈', 50), tip('小美', 200), tip('七七', 10)].reduce(
      enqueue,
      [] as Effect[],
    )
    expect(queue).toEqual([
      { kind: 'tip', names: ['小美', '老陈', '七七'], others: 0, points: 270 },
    ])
  })

  it('whatever comes, the queue stays bounded and keeps every point of a tip', () => {
    const effect = fc.oneof(
      fc.nat(500).map((points): Effect => tip(`v${points % 9}`, points)),
      fc.nat(50).map((n): Effect => broadcast(`${n}`)),
    )
    fc.assert(
      fc.property(fc.array(effect, { maxLength: 60 }), (effects) => {
        const queue = effects.reduce(enqueue, [] as Effect[])
        expect(queue.length).toBeLessThanOrEqual(SHOW_MAX)
        const sum = (list: readonly Effect[]) =>
          list.reduce((all, one) => all + (one.kind === 'tip' ? one.points : 0), 0)
        const dropped = effects.filter(({ kind }) => kind === 'broadcast').length >= SHOW_MAX
        if (!dropped) expect(sum(queue)).toBe(sum(effects))
      }),
    )
  })

  it('effects wait for a celebration, and safe mode drops them all', () => {
    let busy = true
    const { runtime, show, shown } = open(() => busy)
    show.push(broadcast('等一等'))
    runtime.pass(5000)
    expect(shown.value).toBeUndefined()
    busy = false
    runtime.pass(600)
    expect(shown.value?.effect).toMatchObject({ text: '等一等' })
    show.push(tip('小美', 10))
    show.clear()
    runtime.pass(20_000)
    expect(shown.value).toBeUndefined()
  })

  it('what is history is not played', () => {
    const moment = { seq: 1, atMs: NOW_MS, kind: 'tip.given', handle: 'h', name: '', points: 5 }
    expect(effectOf(moment as Moment, NOW_MS + SHOW_STALE_MS)).toMatchObject({ others: 1 })
    expect(effectOf(moment as Moment, NOW_MS + SHOW_STALE_MS + 1)).toBeUndefined()
  })
})
