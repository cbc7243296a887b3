/** Every cause is told in a plain sentence, with the amount that the balance changed by. */

import { describe, expect, it } from 'vitest'
import { CAUSES, type Cause, type HistoryEntry, type LedgerEntry } from '../../shared/ledger.ts'
import { expiringOf, settled } from './entries.ts'
import { tell } from './words.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 4)
const move = (from: string, to: string, points: number, given = {}) =>
  ({ from, to, points, issuer: 1, live: 0, month: 0, toMonth: 0, ...given }) as never
const entry = (cause: Cause, given: Partial<LedgerEntry> = {}): LedgerEntry => ({
  cause,
  atMs: NOW_MS,
  version: 1,
  ref: 'r1',
  subject: '',
  by: '',
  at: 0,
  live: 0,
  moves: [],
  ...given,
})
const say = (one: LedgerEntry, lang: 'zh' | 'en' = 'zh') =>
  tell(one, {
    lang,
    nowMs: NOW_MS,
    reward: (id) => (id === 'oats' ? (lang === 'zh' ? '燕麦片' : 'oats') : undefined),
  })

describe('words', () => {
  it('[WL1] a redemption is named and has the points it took', () => {
    const use = { use: 'redemption', subject: 'oats' } as const
    const captured = entry('captured', {
      ...use,
      moves: [move('held', 'spent', 1750), move('held', 'spent', 50, { live: 3 })],
    })
    expect(say(captured)).toEqual({ name: '兑换燕麦片', amount: -1800, why: '其中本场积分 50' })
    expect(say(captured, 'en').name).toBe('Redeemed oats')
    const held = entry('held', { ...use, moves: [move('spendable', 'held', 1800)] })
    expect(say(held)).toMatchObject({ amount: -1800, why: '处理中' })
    const voided = entry('voided', { ...use, moves: [move('held', 'spendable', 1800)] })
    expect(say(voided)).toEqual({ name: '使用取消', amount: 0, why: '燕麦片 · 积分已退回原处' })
  })

  it('[WL1] what a hold or a refund could not bring back is told, and what came back for a while', () => {
    const back = [move('held', 'spendable', 100), move('held', 'expired', 40)]
    for (const cause of ['voided', 'lapsed'] as const)
      expect(say(entry(cause, { moves: back }))).toMatchObject({
        ...{ amount: -40, why: '其中 40 分在此期间已到期' },
      })
    const part = entry('captured', {
      moves: [move('held', 'spent', 60), move('held', 'expired', 40)],
    })
    expect(say(part, 'en')).toMatchObject({ amount: -100, why: '40 of them expired meanwhile' })
    const graced = [move('spent', 'spendable', 50, { month: 322, toMonth: 325 })]
    expect(say(entry('refunded', { moves: graced }))).toMatchObject({
      ...{ amount: 50, why: '已到期的积分保留到 2027 年2月1日' },
    })
    const late = entry('refunded', { moves: [move('spent', 'expired', 50)] })
    expect(say(late)).toMatchObject({ amount: 0, why: '其中 50 分在此期间已到期' })
  })

  it('[WL1] the reason of the operator is shown before ours', () => {
    const frozen = entry('frozen', { moves: [move('spendable', 'frozen', 1850)] })
    expect(say(frozen).why).toBe('1,850 分被冻结：照常得分，暂时不能用')
    expect(say({ ...frozen, note: '异常刷分' })).toEqual({
      name: '账户冻结',
      amount: -1850,
      why: '原因：异常刷分',
    })
  })

  it('[WL1 004-07] cash-back says of which order it is, and when it comes', () => {
    const promise = { ref: 'cashback-x', subject: 'A-17', use: 'pending' as const }
    const back = (cause: Cause, more: object = {}) => say(entry(cause, { ...promise, ...more }))
    const untilMs = NOW_MS + 9 * 86_400_000
    expect(back('pending', { untilMs })).toMatchObject({
      name: '返积分 · 待到账',
      why: expect.stringMatching(/^订单 A-17 · 12月1日.*到账，退款会减少$/),
    })
    expect(back('due', { moves: [move('pending', 'spendable', 80)] })).toEqual({
      ...{ name: '返积分到账', amount: 80, why: '订单 A-17 · 退货期已过' },
    })
    expect(back('dropped').why).toBe('订单 A-17 · 订单已退款')
  })

  it('[WL1] every cause has a name and an amount in both languages', () => {
    for (const cause of Object.keys(CAUSES) as Cause[])
      for (const lang of ['zh', 'en'] as const) {
        const told = say(entry(cause, { moves: [move('issued', 'spendable', 5)] }), lang)
        expect(told.name).not.toBe('')
        expect(Number.isInteger(told.amount)).toBe(true)
      }
  })

  it('[WL1] gains and losses have their sign', () => {
    const amount = (cause: Cause, from: string, to: string) =>
      say(entry(cause, { moves: [move(from, to, 7)] })).amount
    expect(amount('received', 'transferredIn', 'spendable')).toBe(7)
    expect(amount('sent', 'spendable', 'transferredOut')).toBe(-7)
    expect(amount('expired', 'spendable', 'expired')).toBe(-7)
    expect(amount('live_ended', 'session', 'expired')).toBe(-7)
    expect(amount('due', 'pending', 'spendable')).toBe(7)
    expect(amount('pending', 'issued', 'pending')).toBe(0)
  })
})

describe('lines', () => {
  const moved = (one: LedgerEntry): HistoryEntry => ({ kind: 'moved', ...one })

  it('[WL2] of a hold only what became of it is told; one that is open stands', () => {
    const lines = [
      moved(entry('captured', { ref: 'a' })),
      moved(entry('held', { ref: 'b' })),
      moved(entry('held', { ref: 'a' })),
    ]
    expect(settled(lines).map((one) => one.kind === 'moved' && `${one.cause} ${one.ref}`)).toEqual([
      'captured a',
      'held b',
    ])
  })

  it('[WL3] points that expire soon are named until they have', () => {
    const untilMs = NOW_MS + 9 * 86_400_000
    const lines = [moved(entry('expiring', { subject: '300', untilMs }))]
    expect(expiringOf(lines, NOW_MS)).toEqual({ points: 300, untilMs })
    expect(expiringOf(lines, untilMs)).toBeUndefined()
    expect(say(entry('expiring', { subject: '300', untilMs })).why).toBe(
      '300 分将于 12月1日到期，先用先得',
    )
  })
})
