/** What a viewer sees and hears of each state. */

import { readFileSync } from 'node:fs'
import { render } from 'preact'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClientState } from '../client/browser.ts'
import { ManualRuntime, settle } from '../client/testing.ts'
import type { Lang } from '../ui/lang.ts'
import { createSheet } from './create-sheet.tsx'
import { createOverlayModel } from './model.ts'
import { Overlay } from './Overlay.tsx'
import { createPrefs } from './prefs.ts'
import * as reactive from './reactive.ts'
import { STRINGS } from './strings.ts'
import { accountOf, FakeClient, NOW_MS, receiptOf, roomOf, taskOf } from './testing.ts'
import type { Panel } from './view.ts'

const { effect, signal } = reactive
const css = readFileSync('widget/overlay/css/box.css', 'utf8')
const get = async () => Response.json({ sentences: [], earn: [] })
let host: HTMLElement
let end = () => {}
beforeEach(() => {
  host = document.createElement('div')
  document.body.append(host)
})
afterEach(() => {
  end()
  render(null, host)
  host.remove()
})

function show(
  given: Partial<ClientState> = {},
  { lang = 'zh' as Lang, blank = false, reduced = false } = {},
) {
  const client = blank ? new FakeClient().blank() : new FakeClient(given)
  const runtime = new ManualRuntime()
  const prefs = createPrefs(() => {
    throw new Error('blocked')
  }, reduced)
  const model = createOverlayModel({ client, runtime, prefs })
  const panel = signal<Panel | undefined>(undefined)
  const now = signal<Lang>(lang)
  const hint = signal('')
  const view = {
    model,
    panel,
    hint,
    tell() {},
    draft: signal(''),
    sheet: {
      parts: signal(
        createSheet({
          client,
          model,
          panel,
          lang: now,
          runtime,
          address: '',
          api: '',
          get,
          room: 'demo',
          reactive,
        }),
      ),
      want() {},
    },
    handOn: async () => true,
    pill: { current: null },
    box: { current: null },
  }
  end = effect(() =>
    render(<Overlay view={{ ...view, lang: now.value, t: STRINGS[now.value] }} />, host),
  )
  const text = (selector: string) => host.querySelector(selector)?.textContent ?? ''
  return { client, runtime, prefs, panel, now, hint, text }
}

const click = (selector: string) => host.querySelector<HTMLElement>(selector)?.click()

describe('pill', () => {
  it('[O1 002-18] says the balance, with the part of this live', () => {
    const { client, text } = show()
    expect(text('.pill .lab')).toBe('您当前积分')
    expect(text('.pill .bal')).toBe('1,850')
    const { balance } = accountOf()
    client.change({ account: accountOf({ balance: { ...balance, session: 50 } }) })
    expect([text('.pill .bal'), text('.pill .lab')]).toEqual(['1,900', '含本场 50'])
    client.change({ account: accountOf({ balance: { ...balance, spendable: 0, frozen: 1850 } }) })
    expect([text('.pill .bal'), text('.pill .lab')]).toEqual(['0', '冻结 1,850'])
  })

  it('[O3 001-37 003-24 004-02] says tier and distance to the next, with a bar of the way', () => {
    const { now, text } = show()
    expect(text('.pill .ff-sr')).toBe('青铜会员')
    expect(text('.say.goal')).toBe('还差 36 成长值升白银会员')
    const bar = host.querySelector<HTMLElement>('.say .ff-bar')
    expect(Number(bar?.style.getPropertyValue('--v'))).toBeCloseTo((69 / 105) * 100)
    now.value = 'en'
    expect(text('.say.goal')).toBe('36 growth to Silver')
  })

  it('[O2] has a dash before the first account, and keeps the last balance when cut off', () => {
    const first = show({}, { blank: true })
    expect([first.text('.pill .bal'), first.text('.say')]).toEqual(['—', '正在连接…'])
    end()
    const { client, text } = show()
    client.change({ status: { phase: 'offline', retryAtMs: NOW_MS } })
    expect(text('.pill.stale .bal')).toBe('1,850')
    expect(text('.say.off')).toBe('积分暂停，正在重连')
    client.change({ status: { phase: 'paused' } })
    expect(text('.say.off')).toBe('人多，积分稍后到账')
  })

  it('[O2 001-28] at the door of a room for members it says for whom it is and how far that is', () => {
    const { client, text } = show({}, { blank: true })
    const tier = { rung: 3, label: { zh: '黄金会员', en: 'Gold' }, growthMissing: 1916 }
    client.change({ status: { phase: 'refused', reason: 'tier_needed', tier } })
    expect(text('.say.off')).toBe('黄金会员专场，还差 1,916 成长值')
    client.change({ status: { phase: 'refused', reason: 'ticket_revoked' } })
    expect(text('.say.off')).toBe('连接已断开，请刷新页面')
  })

  it('[O4 000-09] tells a gain with its cause and a zero with its reason', () => {
    const { client, runtime, text } = show()
    const multipliers = { heat: 1500, campaign: 1000, tier: 1000, personal: 1000 }
    client.scored(receiptOf({ points: 3, units: 2, multiplier: 1500, multipliers }))
    expect(text('.say.gain')).toBe('+3点赞×1.5热场加成')
    runtime.advance(5000)
    client.scored(receiptOf({ reason: 'minute_cap', cap: 20 }))
    expect(text('.say.zero')).toBe('这一分钟点赞已满 20 次')
  })
})

describe('room', () => {
  it('[O21 000-10] a comment of somebody else has a heart, the own one has none', () => {
    const said = (id: number, handle: string, name: string) =>
      ({ id, handle, name, rung: 0, text: '好吃', atMs: NOW_MS }) as const
    const comments = [said(7, 'mei', 'Mei'), said(8, 'me', 'Me')]
    const { client } = show({ room: roomOf({ comments }) })
    const hearts = () => [...host.querySelectorAll<HTMLButtonElement>('.heart')]
    expect(hearts().map((heart) => heart.getAttribute('aria-label'))).toEqual(['点赞 Mei'])
    hearts()[0]?.click()
    expect(client.requested).toEqual([['comment.like', { comment: 7 }]])
  })

  it('[O13] text of people is text, in its own direction', () => {
    const nasty = '<img src=x onerror=alert(1)>'
    const comment = { id: 1, handle: 'x', name: nasty, rung: 0, text: nasty, atMs: NOW_MS }
    const { client } = show({ room: roomOf({ comments: [comment] }) })
    client.emit('moment', { seq: 1, atMs: NOW_MS, kind: 'comment.spotlit', comment })
    expect(host.querySelector('img')).toBeNull()
    for (const place of ['.chat', '.lane']) {
      const said = [...host.querySelectorAll(`${place} bdi`)].map((bdi) => bdi.textContent)
      expect(said).toEqual([nasty, nasty])
    }
  })

  it('[O10] a task: time, places, and one button that does it', async () => {
    const { client, text } = show({ room: roomOf({ tasks: [taskOf()] }) })
    expect(text('.task .t1')).toBe('分享直播间+100')
    expect(text('.task .t2')).toBe('最后 10:00剩余 38/50')
    click('.task button')
    await settle()
    expect(client.did).toEqual(['share'])
  })

  it('[O19] a share that brings a tier-up: both are seen, the word above the card', () => {
    const { client, hint, panel, text } = show()
    hint.value = '链接已复制'
    client.change({ account: accountOf({ tier: { rung: 2, growth: 130, promotions: 2 } }) })
    expect(text('.cele h2')).toBe('白银会员')
    expect(text('.cele > .toast')).toBe('链接已复制')
    expect(host.querySelectorAll('.toast')).toHaveLength(1)
    panel.value = 'today'
    expect(host.querySelector('.toast')).toBeNull()
  })

  it('[FC16] a comment of a member shows the title in the club of the host', () => {
    const said = { id: 1, handle: 'x', name: '小林', rung: 0, text: '来了', atMs: NOW_MS }
    const member = { ...said, id: 2, club: { zh: '铁粉', en: 'Fan' } }
    show({ room: roomOf({ comments: [said, member] }) })
    const titles = [...document.querySelectorAll('.chat li')].map((li) => li.querySelector('.club'))
    expect(titles.map((title) => title?.textContent)).toEqual([undefined, '♥ 铁粉'])
  })

  it('[O16] quiet mode leaves balance, comments and buttons', () => {
    const { client, prefs } = show({ room: roomOf({ tasks: [taskOf()] }) })
    prefs.toggle('quiet')
    client.change({ account: accountOf({ tier: { rung: 2, growth: 130, promotions: 2 } }) })
    expect(host.querySelector('.task, .lane, .cele')).toBeNull()
    expect(host.querySelectorAll('.pill, .chat, .bar')).toHaveLength(3)
  })
})

describe('sheet', () => {
  it('[O15] takes the focus, and Escape gives it back to the pill', () => {
    show()
    click('.pill')
    const sheet = host.querySelector<HTMLElement>('.sheet')
    expect(document.activeElement).toBe(sheet)
    sheet?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    expect(host.querySelector('.sheet')).toBeNull()
    expect(document.activeElement?.className).toContain('pill')
  })

  it('[O15] keeps the focus while it is open: Tab and Shift+Tab go round in it', () => {
    show()
    click('.pill')
    const sheet = host.querySelector<HTMLElement>('.sheet')
    const stops = [...(sheet?.querySelectorAll<HTMLElement>('button, .scroll') ?? [])].filter(
      (stop) => stop.getAttribute('tabindex') !== '-1',
    )
    const press = (shiftKey: boolean) =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Tab', shiftKey, bubbles: true, cancelable: true }),
      )
    press(true)
    expect(document.activeElement).toBe(stops.at(-1))
    press(false)
    expect(document.activeElement).toBe(stops[0])
    press(true)
    expect(document.activeElement).toBe(stops.at(-1))
  })

  it('marks the own line of the board, or adds one', () => {
    const line = { handle: 'me', name: 'Me', rung: 1, points: 28 }
    const { client, panel, text } = show()
    panel.value = 'board'
    expect(text('.rank.me')).toBe('–您28')
    client.change({ room: roomOf({ board: [{ ...line, handle: 'a', name: 'A' }, line] }) })
    expect(host.querySelectorAll('.rank')).toHaveLength(2)
    expect(text('.rank.me')).toBe('2Me28')
  })

  it('places the viewer by the own points where the board of the room is behind them', () => {
    const line = { handle: 'me', name: 'Me', rung: 1, points: 5 }
    const [a, b] = [30, 20].map((points) => ({ ...line, handle: `o${points}`, name: 'A', points }))
    const { client, panel, text } = show()
    panel.value = 'board'
    if (a && b) client.change({ room: roomOf({ board: [a, b, line] }) })
    expect(text('.rank.me')).toBe('2您28')
    expect(host.querySelectorAll('.rank')).toHaveLength(3)
    if (a && b) client.change({ room: roomOf({ board: [a, b] }) })
    expect(text('.rank.me')).toBe('2您28')
    expect(text('.rank:last-child')).toBe('3A20')
  })
})

describe('accessibility', () => {
  it('[O20] where the system asks for less motion all stands under the one rule that stops it, and is told', () => {
    const { client, prefs, text } = show({}, { reduced: true })
    expect(host.querySelector('.ff-overlay')?.getAttribute('data-calm')).toBe('true')
    client.scored(receiptOf({ points: 3 }))
    client.change({ account: accountOf({ tier: { rung: 2, growth: 130, promotions: 2 } }) })
    expect([text('.say.gain b'), text('.cele h2')]).toEqual(['+3', '白银会员'])
    for (const moving of host.querySelectorAll('.say, .cele, .cele *'))
      expect(moving.closest('[data-calm]')).not.toBeNull()
    expect(css).toMatch(
      /\[data-calm\] \*,\s*\[data-calm\] ::after \{[^}]*animation: none !important/,
    )
    prefs.toggle('calm')
    expect(host.querySelector('[data-calm]')).toBeNull()
  })

  it('[O14] has one polite live region and a name on every control', () => {
    const { panel } = show({ room: roomOf({ tasks: [taskOf()] }) })
    for (const open of [undefined, 'today', 'settings'] as const) {
      panel.value = open
      expect(host.querySelectorAll('[aria-live], [role=status], [role=alert]')).toHaveLength(1)
      for (const control of host.querySelectorAll('button, input')) {
        const labelled = control.getAttribute('aria-labelledby')
        const name =
          control.getAttribute('aria-label') ??
          (labelled ? host.querySelector(`#${labelled}`)?.textContent : control.textContent)
        expect(name?.trim(), control.outerHTML).toBeTruthy()
      }
    }
  })

  it('[O22] the balance and the part that a tab leads to are named, and one point is not points', () => {
    const { panel, text } = show({}, { lang: 'en' })
    panel.value = 'today'
    expect(text('.sheet .big')).toMatch(/^Points \d/)
    const named = () => host.querySelector('[role=tabpanel]')?.getAttribute('aria-label')
    expect(named()).toBe('Today')
    panel.value = 'rewards'
    expect(named()).toBe('Redeem')
    panel.value = 'rules'
    expect(named()).toBe('Settings')
    expect(STRINGS.en.spokenGain(1, '1 like')).toBe('Plus 1 point, 1 like')
    expect(STRINGS.en.spokenGain(2, '2 likes')).toBe('Plus 2 points, 2 likes')
  })
})
