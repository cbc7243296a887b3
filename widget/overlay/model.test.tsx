/** What explains a change: gains, cuts, celebrations, taps. */

import { describe, expect, it } from 'vitest'
import type { Moment } from '../../shared/room-state.ts'
import type { ClientState } from '../client/browser.ts'
import type { Storage } from '../client/store.ts'
import { ManualRuntime } from '../client/testing.ts'
import { CELEBRATION_MS, MERGE_MS, READ_MS, THUMB_MS } from './limits.ts'
import { balanceOf, createOverlayModel } from './model.ts'
import { createPrefs } from './prefs.ts'
import { accountOf, FakeClient, NOW_MS, receiptOf, roomOf, taskOf } from './testing.ts'

const noStorage = () => {
  throw new Error('blocked')
}
function setUp(given: Partial<ClientState> = {}, blank = false, storage?: Storage) {
  const client = blank ? new FakeClient().blank() : new FakeClient(given)
  const runtime = new ManualRuntime()
  const prefs = createPrefs(noStorage)
  return { client, runtime, prefs, model: createOverlayModel({ client, runtime, prefs, storage }) }
}
const balance = (spendable: number, session = 0) => ({
  spendable,
  session,
  pending: 0,
  held: 0,
  frozen: 0,
})
const pending = (likes: number) => ({ likes, comments: 0, undurable: likes })

describe('gain', () => {
  it('[O5 000-09] gains within 600 ms are one line, later ones a new one', () => {
    const { client, runtime, model } = setUp()
    client.scored(receiptOf({ points: 3, units: 3 }))
    runtime.advance(MERGE_MS)
    client.scored(receiptOf({ points: 2, units: 2 }))
    expect(model.line.value).toMatchObject({ gain: { points: 5 } })
    runtime.advance(MERGE_MS + 1)
    client.scored(receiptOf({ points: 1 }))
    expect(model.line.value).toMatchObject({ gain: { points: 1 } })
    runtime.advance(READ_MS)
    expect(model.line.value).toBeUndefined()
  })

  it('[O4 000-09] a zero is told as well; a beat of the watch clock is not', () => {
    const { client, model } = setUp()
    client.scored(receiptOf({ action: 'watch', reason: 'watch_counted' }))
    expect(model.line.value).toBeUndefined()
    client.scored(receiptOf({ reason: 'minute_cap', cap: 20 }))
    expect(model.line.value).toMatchObject({ gain: { points: 0, last: { reason: 'minute_cap' } } })
  })

  it('[O4] what another device earned is told in the same place', () => {
    const { client, model } = setUp()
    client.emit('account', { account: accountOf(), receipts: [receiptOf({ points: 20 })] })
    expect(model.line.value).toMatchObject({ gain: { points: 20 } })
  })
})

describe('balance', () => {
  it('[O1 002-18] is what can be spent here: for ever and in this live', () => {
    const { client } = setUp({ account: accountOf({ balance: balance(1800, 50) }) })
    expect(balanceOf(client.state)).toBe(1850)
    expect(balanceOf(setUp({}, true).client.state)).toBeUndefined()
  })
})

describe('a cut', () => {
  it('[O6] tells the sum once everything kept has been counted, not each gain', () => {
    const { client, model } = setUp()
    client.change({ status: { phase: 'offline', retryAtMs: NOW_MS + 300 }, pending: pending(4) })
    expect(model.kept.value).toBe(4)
    client.change({ status: { phase: 'connecting' } })
    client.change({ status: { phase: 'online' } })
    client.scored(receiptOf({ points: 12, units: 4 }))
    expect(model.line.value).toBeUndefined()
    client.change({ account: accountOf({ balance: balance(1862) }), pending: pending(0) })
    expect(model.line.value).toEqual({ kind: 'back', points: 12, times: 4 })
    expect(model.kept.value).toBe(0)
  })

  it('[O6] says nothing where nothing was gained, and tells gains again afterwards', () => {
    const { client, model } = setUp()
    client.change({ status: { phase: 'paused' } })
    client.change({ status: { phase: 'online' } })
    expect(model.line.value).toBeUndefined()
    client.scored(receiptOf({ points: 1 }))
    expect(model.line.value).toMatchObject({ gain: { points: 1 } })
  })
})

describe('tier', () => {
  it('[O9] a tier-up under the open sheet is celebrated when the sheet goes', () => {
    const { client, model, runtime } = setUp()
    model.cover(true)
    client.change({ account: accountOf({ tier: { rung: 2, growth: 121, promotions: 2 } }) })
    runtime.advance(CELEBRATION_MS * 2)
    expect(model.celebration.value).toBeUndefined()
    model.cover(false)
    expect(model.celebration.value).toBe(2)
    runtime.advance(CELEBRATION_MS)
    expect(model.celebration.value).toBeUndefined()
    // Once only.
    model.cover(true)
    model.cover(false)
    expect(model.celebration.value).toBeUndefined()
  })

  const silver = accountOf({ tier: { rung: 2, growth: 121, promotions: 2 } })
  it('[O9] celebrates the own tier-up once and leaves by itself', () => {
    const { client, runtime, model } = setUp()
    client.change({ account: silver })
    expect(model.celebration.value).toBe(2)
    runtime.advance(CELEBRATION_MS)
    expect(model.celebration.value).toBeUndefined()
    client.change({ account: { ...silver, version: 3 } })
    expect(model.celebration.value).toBeUndefined()
  })
  it('[O9] does not celebrate what was reached before the page was opened, nor in quiet mode', () => {
    const first = setUp({}, true)
    first.client.change({ account: silver, room: roomOf() })
    expect(first.model.celebration.value).toBeUndefined()
    const quiet = setUp()
    quiet.prefs.toggle('quiet')
    quiet.client.change({ account: silver })
    expect(quiet.model.celebration.value).toBeUndefined()
  })
})

describe('room', () => {
  const rose: Moment = { seq: 1, atMs: NOW_MS, kind: 'heat.rose', level: 4 }
  it('[O16] moments go into the lane, except in quiet mode', () => {
    const { client, model, prefs } = setUp()
    client.emit('moment', rose)
    expect(model.lane.shown.value?.item).toEqual({ kind: 'heat', level: 4 })
    prefs.toggle('quiet')
    expect(model.lane.shown.value).toBeUndefined()
    client.emit('moment', rose)
    expect(model.lane.shown.value).toBeUndefined()
  })
  it('[O10] time moves by the server while something counts down', () => {
    const { client, runtime, model } = setUp({ room: roomOf() })
    client.change({ room: roomOf({ tasks: [taskOf()] }) })
    client.nowMs += 5000
    runtime.advance(1100)
    expect(model.task.value?.leftMs).toBe(595_000)
  })
})

describe('comments', () => {
  it('[O21 000-10] are liked once, marked at the tap; a refusal takes the mark back', async () => {
    const { client, model } = setUp()
    const asking = model.likeComment(7)
    expect(model.likes(7)).toBe(true)
    await model.likeComment(7)
    expect(client.requested).toEqual([['comment.like', { comment: 7 }]])
    await asking
    expect(model.likes(7)).toBe(false)
  })

  it('[O21] their marks survive a reload of the page, and are of this live and this viewer', async () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    const { client, model } = setUp({}, false, storage)
    client.request = async () => ({ ok: true }) as never
    await model.likeComment(7)
    const me = { handle: 'other', name: 'Other' }
    const live = { no: 2, state: 'open', startedAtMs: NOW_MS + 1 } as const
    expect(setUp({}, false, storage).model.likes(7)).toBe(true)
    expect(setUp({ me }, false, storage).model.likes(7)).toBe(false)
    expect(setUp({ room: roomOf({ live }) }, false, storage).model.likes(7)).toBe(false)
  })
})

describe('taps', () => {
  it('[O7 000-09] are counted at the button at once, then paid', () => {
    const { client, runtime, model } = setUp()
    model.like()
    model.like()
    expect(client.did).toEqual(['like', 'like'])
    expect(model.thumb.value).toMatchObject({ text: '2', paid: false })
    client.scored(receiptOf({ points: 3, units: 2 }))
    expect(model.thumb.value).toMatchObject({ text: '+3', paid: true })
    runtime.advance(THUMB_MS)
    expect(model.thumb.value).toBeUndefined()
    model.like()
    expect(model.thumb.value).toMatchObject({ text: '1', paid: false })
  })
})
