/** What a viewer sees and does in the shop: taps, states, reasons, the code. */

import { render } from 'preact'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import type { RedemptionView } from '../../shared/rewards.ts'
import { DAY_MS } from '../../shared/time.ts'
import { ManualRuntime, settle } from '../client/testing.ts'
import { roomOf } from '../dev/room-states.ts'
import { burnShelfOf, burnWeekOf, endingOf, redemptionsOf, shelfOf } from '../dev/shelf.ts'
import { createSheet } from '../overlay/create-sheet.tsx'
import { createOverlayModel } from '../overlay/model.ts'
import { Overlay } from '../overlay/Overlay.tsx'
import { createPrefs } from '../overlay/prefs.ts'
import * as reactive from '../overlay/reactive.ts'
import { STRINGS } from '../overlay/strings.ts'
import { accountOf, FakeClient, NOW_MS } from '../overlay/testing.ts'
import type { Panel } from '../overlay/view.ts'
import { drawCode } from './draw-code.ts'
import { codeScript } from './late-code.ts'
import {
  ARM_GUARD_MS,
  ARMED_MS,
  BURN_SPREAD_MS,
  BURN_TOLD_MS,
  CODE_LOOK_MS,
  SHELF_SPREAD_MS,
  SHOP_REST_MS,
} from './limits.ts'

const { effect, signal } = reactive
let host: HTMLElement
let end = () => {}
beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  host = document.createElement('div')
  document.body.append(host)
  codeScript.load = async () => drawCode
})
afterEach(() => {
  end()
  render(null, host)
  host.remove()
})

const [tofu] = redemptionsOf(NOW_MS)
const oats = (given: Partial<RedemptionView> = {}): RedemptionView => ({
  ...(tofu as RedemptionView),
  reward: 'oats',
  title: { zh: '低GI燕麦片 1kg', en: 'Low-GI oats 1 kg' },
  points: 1800,
  ...given,
})

/** A service that answers from what the test put there. */
class Shopkeeper extends FakeClient {
  mine: RedemptionView[] = []
  losing: number | undefined
  asked: {
    name: string
    input: { id?: string; reward?: string; point?: string; near?: object }
  }[] = []
  /** From when points buy less. */
  cut: { fromMs: number; percent: number } | undefined
  redeem: (id: string) => unknown = (id) => ({ ok: true, redemption: oats({ id }) })
  cancel: (id: string) => unknown = () => refuse('busy')
  override async request(name?: string, given: unknown = {}): Promise<never> {
    const input = given as { id?: string; reward?: string; point?: string; near?: object }
    const { near } = input
    this.asked.push({ name: name ?? '', input })
    const { id = '' } = input
    const answers: Record<string, unknown> = {
      'reward.list':
        this.losing === undefined
          ? {
              ok: true,
              atMs: NOW_MS,
              rewards: shelfOf(NOW_MS, near),
              ...(this.cut && { valueCut: this.cut }),
            }
          : {
              ok: true,
              atMs: NOW_MS,
              rewards: burnShelfOf(NOW_MS),
              burnWeek: { ...burnWeekOf(NOW_MS), points: this.losing },
            },
      'redemption.list': { ok: true, redemptions: this.mine },
      'reward.redeem': name === 'reward.redeem' && this.redeem(id),
      'redemption.cancel': name === 'redemption.cancel' && this.cancel(id),
    }
    return answers[name ?? ''] as never
  }
  redeemed = () => this.asked.filter(({ name }) => name === 'reward.redeem')
}

async function open(start: Panel | 'none' = 'rewards', keeper = new Shopkeeper()) {
  const client = keeper
  const runtime = new ManualRuntime()
  const prefs = createPrefs(() => sessionStorage)
  const model = createOverlayModel({ client, runtime, prefs })
  const panel = signal<Panel | undefined>(start === 'none' ? undefined : start)
  const get = async () => Response.json({ sentences: [], earn: [] })
  const deps = { client, model, panel, lang: signal('zh' as const), runtime, get, reactive }
  const parts = createSheet({ ...deps, address: '', api: '', room: 'demo' })
  const view = {
    model,
    panel,
    hint: signal(''),
    tell() {},
    draft: signal(''),
    sheet: { parts: signal(parts), want() {} },
    handOn: async () => true,
    pill: { current: null },
    box: { current: null },
    lang: 'zh' as const,
    t: STRINGS.zh,
  }
  end = effect(() => render(<Overlay view={view} />, host))
  await settle()
  return { client, runtime, panel, model }
}
const text = (selector: string) => host.querySelector(selector)?.textContent ?? ''
const row = (title: string) =>
  [...host.querySelectorAll<HTMLElement>('.rw')].find((one) => one.textContent?.includes(title))
const button = (title: string) => row(title)?.querySelector<HTMLButtonElement>('.ff-btn')
const tap = async (title: string) => {
  button(title)?.click()
  await settle()
}
/** As a person taps: the second tap comes after the first has been read. */
const tapTwice = async (title: string, runtime: ManualRuntime) => {
  await tap(title)
  runtime.advance(ARM_GUARD_MS)
  await tap(title)
}

describe('one tap', () => {
  it('[RW5 001-10] the price for members stands beside the usual one with the name of the tier, and goes with the wish', async () => {
    const { client, runtime } = await open()
    const honey = row('槐花蜜')
    expect(honey?.querySelector('.ff-price s')?.textContent).toBe('900')
    expect(honey?.querySelector('.ff-price')?.textContent).toBe('900720分')
    expect(honey?.querySelector('.ff-chip.on')?.textContent).toBe('白银会员价')
    expect(row('手工挂面')?.textContent).toContain('黄金会员价 780 分')
    expect(row('手工挂面')?.querySelector('.ff-price s')).toBeNull()
    await tapTwice('槐花蜜', runtime)
    expect(client.redeemed()[0]?.input).toMatchObject({
      reward: 'honey',
      quoted: { points: 720, cashFen: 0 },
    })
  })

  it('[RW5 002-05 002-09] the button asks, the next tap takes it, and the code is there', async () => {
    const { client, runtime, panel } = await open()
    await tap('燕麦片')
    expect(button('燕麦片')?.textContent).toBe('确认 1,800 分')
    expect(client.redeemed()).toHaveLength(0)
    runtime.advance(ARM_GUARD_MS)
    await tap('燕麦片')
    expect(client.redeemed()[0]?.input).toMatchObject({ reward: 'oats', point: 'wensan' })
    await settle()
    expect(panel.value).toBe('code')
    expect(text('.code .num')).toBe('7K4M-29QX-3R')
    expect(host.querySelector('.code svg.qr path')?.getAttribute('d')?.length).toBeGreaterThan(500)
  })

  it('[RW5] a double tap only asks, and the question goes by itself', async () => {
    const { client, runtime } = await open()
    await tap('燕麦片')
    await tap('燕麦片')
    expect(client.redeemed()).toHaveLength(0)
    runtime.advance(ARMED_MS)
    await settle()
    expect(button('燕麦片')?.textContent).toBe('兑换')
  })

  it('[RW5] the viewer chooses where to pick it up', async () => {
    const { client, runtime } = await open()
    await tap('燕麦片')
    const select = host.querySelector<HTMLSelectElement>('.where select')
    expect([...(select?.options ?? [])].map(({ value }) => value)).toEqual(['wensan', 'west'])
    if (select) select.value = 'west'
    select?.dispatchEvent(new Event('change', { bubbles: true }))
    runtime.advance(ARM_GUARD_MS)
    await tap('燕麦片')
    expect(client.redeemed()[0]?.input.point).toBe('west')
  })

  it('[RW6] while it is held the button says so; the piece that is gone leaves the points', async () => {
    const keeper = new Shopkeeper()
    keeper.redeem = (id) => ({ ok: true, redemption: oats({ id, state: 'holding' }) })
    const { runtime } = await open('rewards', keeper)
    await tapTwice('燕麦片', runtime)
    expect(button('燕麦片')?.textContent).toBe('正在兑换…')
    expect(button('燕麦片')?.disabled).toBe(true)
    keeper.redeem = (id) => ({
      ok: true,
      redemption: oats({ id, state: 'failed', why: 'sold_out', code: undefined as never }),
    })
    runtime.advance(1000)
    await settle()
    expect(row('燕麦片')?.querySelector('.end')?.textContent).toBe(
      '没有换到，积分已退回 · 被抢光了',
    )
  })

  it('[RW6] a refusal says why, and that nothing was taken', async () => {
    const keeper = new Shopkeeper()
    keeper.redeem = () => refuse('sold_out')
    const { runtime } = await open('rewards', keeper)
    await tapTwice('燕麦片', runtime)
    expect(row('燕麦片')?.querySelector('.end')?.textContent).toBe('被抢光了，积分没有扣')
  })

  it('[RW6] without a connection nothing can be asked, and the shelf says so', async () => {
    const { client } = await open()
    client.change({ status: { phase: 'offline', retryAtMs: NOW_MS } })
    expect(button('燕麦片')?.disabled).toBe(true)
    expect(text('.sheet')).toContain('现在没有网络')
  })

  it('[RW6] a frozen account is told why it cannot spend', async () => {
    const { client } = await open()
    client.change({
      account: accountOf({
        balance: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 1850 },
      }),
    })
    expect(text('.end.bad')).toContain('账户已冻结')
    expect(button('燕麦片')?.textContent).toBe('已冻结')
  })
})

describe('own redemptions', () => {
  it('[RW7] are told with their states; what may be given back is, after a question', async () => {
    const keeper = new Shopkeeper()
    keeper.mine = redemptionsOf(NOW_MS)
    const { runtime } = await open('mine', keeper)
    const said = [...host.querySelectorAll('.rc .d')].map((one) => one.textContent)
    expect(said[1]).toMatch(/^还要付 ¥9.9，.+ 前$/)
    expect(said.slice(3)).toEqual([
      '没有换到，积分已退回 · 被抢光了',
      '已退回，积分回到原处 · 您取消的',
    ])
    expect([...host.querySelectorAll('.rc .a')].map((one) => one.textContent)).toEqual([
      '−200',
      '−1,800',
      '−1,800',
      '0',
      '0',
    ])
    keeper.cancel = (id) => ({
      ok: true,
      redemption: oats({ id, state: 'refunded', why: 'viewer' }),
    })
    const cancel = () => host.querySelector<HTMLButtonElement>('.acts .ghost, .acts .dan')
    cancel()?.click()
    await settle()
    expect(cancel()?.textContent).toBe('确认取消，退回 200 分')
    runtime.advance(ARM_GUARD_MS)
    cancel()?.click()
    await settle()
    expect(text('.rc .d')).toContain('已退回')
  })

  it('[RW8 002-30] the code on the screen says so once the clerk has used it', async () => {
    const keeper = new Shopkeeper()
    keeper.mine = [oats()]
    const { runtime } = await open('mine', keeper)
    host.querySelector<HTMLElement>('.acts .soft')?.click()
    await settle()
    expect(host.querySelector('.code .qr')).not.toBeNull()
    keeper.mine = [oats({ state: 'used', usedAtMs: NOW_MS })]
    runtime.advance(CODE_LOOK_MS + 2000)
    await settle()
    expect(host.querySelector('.code .qr')).toBeNull()
    expect(text('.code .verdict')).toMatch(/取走$/)
  })
})

describe('after a payment', () => {
  it('[RW9 002-02 002-20] says what it brought and what it is enough for, and leads there', async () => {
    const { client, panel } = await open('none')
    const best = { reward: 'oats', title: { zh: '燕麦片', en: 'oats' }, points: 1800 }
    const gain = { points: 200, spendable: 1850, best }
    client.emit('account', { account: accountOf(), receipts: [], gain })
    expect(text('.paid p')).toBe('+200现有 1,850 · 够换燕麦片')
    host.querySelector<HTMLElement>('.paid .pri')?.click()
    await settle()
    expect(panel.value).toBe('rewards')
    expect(host.querySelector('.paid')).toBeNull()
    expect(document.activeElement?.closest('.rw')?.textContent).toContain('燕麦片')
  })
})

it('[O24 001-38] who opens the shelf reads from when points buy less, and how much', async () => {
  await open()
  expect(text('.burn')).toBe('')
  const keeper = new Shopkeeper()
  keeper.cut = { fromMs: NOW_MS + 8 * DAY_MS, percent: 20 }
  await open('rewards', keeper)
  expect(text('.burn')).toMatch(/\d+月\d+日 \d\d:\d\d 起，同样多的积分能换的少 20%/)
})

describe('the burn week', () => {
  const burning = (losing: number) => {
    const keeper = new Shopkeeper({
      room: { ...roomOf('zh', NOW_MS), burnWeek: burnWeekOf(NOW_MS) },
      account: accountOf(),
    })
    keeper.losing = losing
    return keeper
  }

  it('[RW10 003-38] says over the picture how many points go, until when, and leads to what they buy', async () => {
    const { runtime, panel } = await open('none', burning(640))
    expect(text('.burning')).toBe('')
    runtime.advance(BURN_SPREAD_MS)
    await settle()
    expect(text('.burning')).toContain('640 分 11月23日')
    expect(text('.burning')).toContain('2 件可换')
    host.querySelector<HTMLButtonElement>('.burning .pri')?.click()
    await settle()
    expect(panel.value).toBe('rewards')
    expect(text('.burn')).toContain('640 分 11月23日')
    expect(row('清零周果篮')?.textContent).toContain('积分清零周')
    expect(row('清零周果篮')?.querySelector('s')?.textContent).toBe('1,000')
    // What runs out in minutes, then the week, then the rest.
    const order = [...host.querySelectorAll('.rw .t')].map(({ textContent }) => textContent)
    expect(order.slice(0, 3)).toEqual(['888 分抢土鸡蛋', '槐花蜜 500g', '清零周果篮'])
  })

  it('[RW10] says it once a day, and nothing to who loses nothing', async () => {
    const first = await open('none', burning(640))
    first.runtime.advance(BURN_SPREAD_MS)
    await settle()
    expect(text('.burning')).not.toBe('')
    first.runtime.advance(BURN_TOLD_MS)
    await settle()
    expect(text('.burning')).toBe('')
    end()
    render(null, host)
    const again = await open('none', burning(640))
    again.runtime.advance(BURN_SPREAD_MS)
    await settle()
    expect(again.client.asked.filter(({ name }) => name === 'reward.list')).toHaveLength(0)
    end()
    render(null, host)
    localStorage.clear()
    const rich = await open('none', burning(0))
    rich.runtime.advance(BURN_SPREAD_MS)
    await settle()
    expect(text('.burning')).toBe('')
  })
})

describe('where and until when', () => {
  it('[RW11 002-28] the viewer says where they are: the nearest point stands first and is taken', async () => {
    const asked: PositionCallback[] = []
    vi.stubGlobal('navigator', {
      geolocation: { getCurrentPosition: (done: PositionCallback) => asked.push(done) },
    })
    const { client, runtime } = await open()
    await tap('燕麦片')
    expect(text('.where')).not.toContain('米')
    host.querySelector<HTMLButtonElement>('.where .minelink')?.click()
    asked[0]?.({ coords: { latitude: 30.27412, longitude: 120.15509 } } as GeolocationPosition)
    await settle()
    // To about 100 m, and no finer.
    expect(client.asked.at(-1)).toEqual({
      name: 'reward.list',
      input: { near: { lat: 30.274, lon: 120.155 } },
    })
    expect(text('.where select')).toContain('文三路 88 号社区店 · 650 米')
    expect(text('.where select')).toContain('2.8 公里')
    expect(host.querySelector('.where .minelink')).toBeNull()
    runtime.advance(ARM_GUARD_MS)
    await tap('燕麦片')
    expect(client.redeemed()[0]?.input).toMatchObject({ point: 'wensan' })
    vi.unstubAllGlobals()
  })

  it('[RW12 002-29] a code that ends soon is told once over the picture, with one tap to it', async () => {
    const keeper = new Shopkeeper({ room: roomOf('zh', NOW_MS), account: accountOf() })
    keeper.mine = endingOf(NOW_MS)
    const { runtime, panel } = await open('none', keeper)
    runtime.advance(BURN_SPREAD_MS)
    await settle()
    expect(text('.ending')).toContain('别忘了取老豆腐 1 盒')
    expect(text('.ending')).toContain('文三路 88 号社区店')
    host.querySelector<HTMLButtonElement>('.ending .pri')?.click()
    await settle()
    expect(panel.value).toBe('code')
    panel.value = undefined
    await settle()
    expect(text('.ending')).toBe('')
    end()
    render(null, host)
    const again = await open('none', keeper)
    again.runtime.advance(BURN_SPREAD_MS)
    await settle()
    expect(text('.ending')).toBe('')
  })
})

describe('a shelf that changes while it is looked at', () => {
  it('[RW13] is read anew at once when the room says that it changed, and not when it is closed', async () => {
    const { client, runtime, panel } = await open()
    const reads = () => client.asked.filter(({ name }) => name === 'reward.list').length
    client.change({ room: { ...roomOf('zh', NOW_MS), shelf: 1 } })
    runtime.advance(SHOP_REST_MS)
    await settle()
    const before = reads()
    client.change({ room: { ...roomOf('zh', NOW_MS), shelf: 2 } })
    runtime.advance(SHELF_SPREAD_MS)
    await settle()
    expect(reads()).toBe(before + 1)
    // A change that comes while it rests is not forgotten.
    client.change({ room: { ...roomOf('zh', NOW_MS), shelf: 3 } })
    runtime.advance(SHOP_REST_MS)
    await settle()
    expect(reads()).toBe(before + 2)
    panel.value = undefined
    runtime.advance(SHOP_REST_MS)
    client.change({ room: { ...roomOf('zh', NOW_MS), shelf: 4 } })
    runtime.advance(SHOP_REST_MS)
    await settle()
    expect(reads()).toBe(before + 2)
  })
})
