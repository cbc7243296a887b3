/** The parts of the console that need no page: times, drafts, searches, sentences, statements. */

import { describe, expect, it, test } from 'vitest'
import type { Receipt } from '../../shared/receipt.ts'
import { createNav, hrefOf, readOpening } from './address.ts'
import type { Answer, Api } from './api.ts'
import { bears } from './Sift.tsx'
import { type Draft, docOf, draftOf } from './stock/draft.ts'
import type { Listed } from './stock/listed.ts'
import { byNeed, isIn, shelvedOf, wanting } from './stock/listed.ts'
import { fenOf, yuan } from './stock/prices.ts'
import { fromWall, wallOf } from './time.ts'
import { find, kindsOf } from './viewers/find.ts'
import { type LineReader, linesOf, passes } from './viewers/lines.ts'
import { replyOf } from './viewers/reply.ts'
import { csvOf, periodOf } from './viewers/statement.ts'

const ZONE = 'Asia/Shanghai'
/** 20:41 in Shanghai. */
const AT = Date.UTC(2026, 10, 22, 12, 41, 7)

describe('address', () => {
  it('[OC1] carries the ticket once, and afterwards only where one is', () => {
    expect(readOpening('#ticket=a.b.c&lang=en&theme=dark&go=viewers/find/u-1')).toEqual({
      ticket: 'a.b.c',
      lang: 'en',
      theme: 'dark',
      place: { page: 'viewers', rest: ['find', 'u-1'] },
    })
    const back = readOpening(hrefOf('viewers', 'a/b 中'))
    expect(back).toMatchObject({ ticket: undefined, place: { rest: ['a/b 中'] } })
    expect(readOpening('#/x/%E0%A4%A')).toMatchObject({ place: { rest: ['%E0%A4%A'] } })
  })

  it('[OC1] a link to sign in by begins the page anew where it is open already; others only lead on', () => {
    let turned = () => {}
    const did: string[] = []
    const location = { hash: '', reload: () => void did.push('reload') }
    const page = {
      location,
      history: { replaceState: () => undefined },
      addEventListener: (_: string, listener: () => void) => {
        turned = listener
      },
    }
    const nav = createNav(page as unknown as Window, { page: '', rest: [] })
    const follow = (hash: string) => {
      location.hash = hash
      turned()
    }
    follow('#/viewers/u-1')
    expect(nav.place.value).toEqual({ page: 'viewers', rest: ['u-1'] })
    follow('#ticket=a.b.c&go=stock')
    expect(nav.place.value.page).toBe('viewers')
    expect(did).toEqual(['reload'])
  })
})

describe('times', () => {
  it('[OC8] what a field shows by the wall clock of the zone comes back as the same minute', () => {
    for (const zone of [ZONE, 'Europe/Berlin', 'America/New_York', 'UTC'])
      for (const atMs of [
        Date.UTC(2026, 2, 29, 0, 30),
        Date.UTC(2026, 6, 1),
        Date.UTC(2026, 11, 31),
      ])
        expect(fromWall(wallOf(atMs, zone), zone), zone).toBe(atMs)
    expect(fromWall('', ZONE)).toBeUndefined()
    expect(fromWall('tomorrow', ZONE)).toBeUndefined()
  })

  it('[OC8] periods are those of the platform’s calendar', () => {
    expect(periodOf('month', AT, ZONE)).toEqual({ fromMs: Date.UTC(2026, 9, 31, 16), toMs: AT })
    expect(periodOf('last', AT, ZONE)).toEqual({
      fromMs: Date.UTC(2026, 8, 30, 16),
      toMs: Date.UTC(2026, 9, 31, 16),
    })
  })
})

test('[OC6] what somebody types is tried as what it can be, the likeliest first', () => {
  expect(kindsOf('13800138000')[0]).toBe('phone')
  expect(kindsOf('+86 138-0013-8000')).toEqual(['phone'])
  expect(kindsOf('76jmv9xhzd')[0]).toBe('number')
  expect(kindsOf('guest-17')).toEqual(['viewer', 'openid', 'mall'])
  expect(kindsOf('M:0042')).toEqual(['openid', 'mall'])
  expect(kindsOf('阿哲')).toEqual([])
})

test('[OC6 A42] one viewer’s id may be another’s name: both are there to choose from; numbers are nobody’s name', async () => {
  const asked: string[] = []
  const api: Api = {
    get: () => Promise.reject(new Error('not asked')),
    remove: () => Promise.reject(new Error('not asked')),
    post: async <T>(of: string, body: object) => {
      asked.push(of)
      const ann = { number: '1111111111', viewer: 'mei' }
      const bob = { number: '2222222222', viewer: 'u-2', name: 'Mei', sinceMs: 5 }
      const answer = of.endsWith('named')
        ? { ok: true, accounts: [bob], more: true }
        : 'kind' in body && (body.kind === 'viewer' || body.kind === 'phone')
          ? { ok: true, ...ann }
          : { ok: false, code: 'not_found' }
      return answer as Answer<T>
    },
  }
  expect(await find(api, 'mei')).toMatchObject({
    all: [{ viewer: 'mei' }, { viewer: 'u-2', name: 'Mei' }],
    more: true,
  })
  asked.length = 0
  expect(await find(api, '13800138000')).toEqual({
    ok: true,
    all: [{ ok: true, number: '1111111111', viewer: 'mei' }],
  })
  expect(asked).toEqual(['/v1/accounts/find'])
})

describe('rewards', () => {
  const doc = {
    title: { zh: '蛋', en: 'Eggs' },
    kind: 'item',
    enabled: true,
    points: 888,
    cashFen: 990,
    cashWithinMin: 15,
    pay: 'any',
    worthFen: 1290,
    stock: { kind: 'fixed', pieces: 30 },
    lowStock: 5,
    limits: { perDay: 1 },
    delivery: 'pickup',
    pickup: ['north'],
    pickupAfterDays: 1,
    cancelWithinMin: 60,
    window: { opensAtMs: Date.UTC(2026, 10, 22, 12) },
  } as const
  const listed = (id: string, more: Partial<Listed['stock']>, enabled = true): Listed => ({
    id,
    version: 1,
    by: 'x',
    atMs: 0,
    doc: { ...doc, enabled, pickup: ['north'] },
    value: { ratioMilli: 1000 },
    stock: more,
  })

  it('[OC9] a reward that is opened and saved unchanged stays what it was, with what the form does not show', () => {
    const reward = listed('eggs', { left: 3 })
    const draft = draftOf(reward, ZONE)
    expect(docOf(draft, { ...reward.doc, early: { minutes: 5 } } as never, ZONE)).toEqual({
      ...reward.doc,
      early: { minutes: 5 },
    })
  })

  it('[OC9] an amount that is none is sent as one that the service refuses', () => {
    const draft: Draft = { ...draftOf(undefined, ZONE), points: 'many', cash: '1.999', tier: '' }
    expect(docOf(draft, undefined, ZONE)).toMatchObject({ points: -1, cashFen: -1 })
    expect(docOf(draft, undefined, ZONE)).not.toHaveProperty('tier')
    expect(docOf(draft, undefined, ZONE)).not.toHaveProperty('window')
    expect([fenOf('9.9'), fenOf('12'), fenOf('-1'), fenOf('1,5')]).toEqual([
      990,
      1200,
      undefined,
      undefined,
    ])
    expect([990, 120_000, 1_252_005, -50].map(yuan)).toEqual([
      '9.90',
      '1,200',
      '12,520.05',
      '-0.50',
    ])
  })

  it('[OC9] what is gone comes first, then what is low; what is delisted is nobody’s worry', () => {
    const all = [
      listed('fine', { left: 50 }),
      listed('low', { left: 2, low: true }),
      listed('gone', { left: 0, low: true }),
      listed('off', { left: 0, low: true }, false),
      listed('endless', {}),
    ]
    expect([...all].sort(byNeed).map(({ id }) => id)).toEqual([
      'gone',
      'low',
      'endless',
      'fine',
      'off',
    ])
    expect(wanting(all).map(({ id }) => id)).toEqual(['gone', 'low'])
    expect(all.map(shelvedOf)).toEqual(['fine', 'low', 'sold_out', 'off', 'fine'])
  })
})

describe('lines', () => {
  const like: Receipt = {
    seq: 7,
    rule: 'like',
    action: 'like',
    reason: 'earned',
    units: 2,
    counted: 2,
    baseMilli: 1000,
    multipliers: { heat: 1500, campaign: 2000, tier: 1000, personal: 1000 },
    multiplier: 3000,
    carry: 0,
    points: 6,
    bucket: 'spendable',
    growth: 0,
    rulebook: 42,
    atMs: AT - 60_000,
  }
  const full: Receipt = {
    ...like,
    seq: 8,
    reason: 'daily_cap',
    counted: 0,
    points: 0,
    cap: 50,
    resetsAtMs: Date.UTC(2026, 10, 22, 16),
    atMs: AT,
  }
  const balance = { spendable: 106, session: 0, pending: 0, held: 0, frozen: 0 }
  const reader: LineReader = { lang: 'zh', timeZone: ZONE, nowMs: AT, reward: () => undefined }
  const moved = {
    kind: 'moved' as const,
    cause: 'adjusted' as const,
    atMs: AT - 120_000,
    version: 3,
    ref: 'adjust-1',
    subject: '',
    by: 'zhou-ning',
    at: 1,
    live: 0,
    moves: [
      {
        from: 'issued' as const,
        to: 'spendable' as const,
        issuer: 1,
        live: 0,
        month: 0,
        toMonth: 0,
        points: 100,
      },
    ],
    note: '=补发',
  }
  const entries = [
    { kind: 'receipt' as const, ...full },
    { kind: 'receipt' as const, ...like },
    moved,
  ]

  it('[OC7 002-50] each says why it is that number, and what could be spent after it', () => {
    const lines = linesOf(entries, balance, reader)
    expect(lines.map(({ why, amount, after }) => [why, amount, after])).toEqual([
      ['今日点赞已满 50 次 · 明天 0 点再计', 0, 106],
      ['2 次 × 1 积分 × 1.5 热度 × 2 活动', 6, 106],
      ['原因：=补发', 100, 100],
    ])
    expect(lines.filter((line) => passes(line, 'nil'))).toHaveLength(1)
    expect(new Set(lines.map(({ id }) => id)).size).toBe(3)
  })

  it('[OC7] a ceiling that cut the multipliers is said', () => {
    const [line] = linesOf(
      [{ kind: 'receipt', ...like, multipliers: { ...like.multipliers, tier: 2000 } }],
      balance,
      reader,
    )
    expect(line?.why).toContain('合计 ×3')
  })

  it('[OC7 002-50] the sentence to send says when, what, why, and what still earns today', () => {
    const facts = {
      account: { today: { points: 0, used: { share: 3 }, resetsAtMs: 0 } },
      daily: [
        { rule: 'like', action: 'like' as const, perDay: 50 },
        { rule: 'comment', action: 'comment' as const, perDay: 10 },
        { rule: 'share', action: 'share' as const, perDay: 3 },
      ],
    }
    const [zero, got, given] = linesOf(entries, balance, reader)
    if (!zero || !got || !given) throw new Error('three lines')
    expect(replyOf(zero, reader, facts)).toBe(
      '您 20:41 的点赞没有得分：今日点赞已满 50 次，明天 0 点再计。评论今天还可以得分。',
    )
    expect(replyOf(got, reader, facts)).toBe(
      '您 20:40 的点赞得到 6 分：2 次 × 1 积分 × 1.5 热度 × 2 活动。',
    )
    expect(replyOf(given, reader, facts)).toBe('您 20:39 积分调整，积分 +100，原因：=补发。')
    const english: LineReader = { ...reader, lang: 'en' }
    const [nil] = linesOf(entries, balance, english)
    expect(nil && replyOf(nil, english, facts)).toBe(
      'Your like at 20:41 earned nothing: limit of 50 likes a day reached, again at midnight. Comments still earn points today.',
    )
  })

  it('[OC10] a statement is a table, oldest first, in which no text is taken for a formula', () => {
    const csv = csvOf({ closing: balance, entries }, reader)
    const [head, first, , last] = csv.split('\r\n')
    expect(head?.startsWith('\uFEFF"时间"')).toBe(true)
    expect(first).toContain('"原因：=补发",100,100,"zhou-ning","adjust-1"')
    expect(last).toContain('0,106')
    const evil = { ...moved, ref: '=1+1' }
    expect(csvOf({ closing: balance, entries: [evil] }, reader)).toContain(`"'=1+1"`)
  })
})

test('[OC12] a word finds by any of the texts, without regard to case; a part of the shelf holds its states', () => {
  expect(bears(' OAT ', 'reward-7', 'Oatmeal')).toBe(true)
  expect(bears('', 'x')).toBe(true)
  expect(bears('7', 'Oatmeal')).toBe(false)
  const at = (enabled: boolean, stock: Listed['stock']) => ({ doc: { enabled }, stock }) as Listed
  const shelf = [
    at(true, { left: 0 }),
    at(true, { left: 2, low: true }),
    at(true, {}),
    at(false, { left: 0 }),
  ]
  const inPart = (part: Parameters<typeof isIn>[1]) =>
    shelf.flatMap((one, i) => (isIn(one, part) ? [i] : []))
  expect(inPart('all')).toEqual([0, 1, 2, 3])
  expect(inPart('wanting')).toEqual([0, 1])
  expect(inPart('fine')).toEqual([2])
  expect(inPart('off')).toEqual([3])
})
