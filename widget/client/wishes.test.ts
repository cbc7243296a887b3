/** A wish is asked for until it is answered, always under its first id. */

import { describe, expect, it } from 'vitest'
import { type Refusal, refuse } from '../../shared/errors.ts'
import type { RedemptionState, RedemptionView } from '../../shared/rewards.ts'
import type { Client, ClientState } from './api.ts'
import { createWishes } from './index.ts'
import { WISH_LIFE_MS, WISHES_MAX } from './limits.ts'
import { ManualRuntime, memoryStorage, settle } from './testing.ts'

const redemptionOf = (id: string, state: RedemptionState): RedemptionView => ({
  id,
  reward: 'oats',
  title: { zh: '燕麦片', en: 'Oats' },
  kind: 'item',
  points: 1800,
  cashFen: 0,
  state,
  atMs: 0,
})

function setUp(storage = memoryStorage(), handle = 'mei') {
  const runtime = new ManualRuntime()
  const asked: string[] = []
  const became: string[] = []
  let hear: (state: ClientState) => void = () => {}
  let answer = async (id: string): Promise<unknown> => ({
    ok: true,
    redemption: redemptionOf(id, 'issued'),
  })
  const client: Pick<Client, 'request' | 'on' | 'serverNow'> & { state: ClientState } = {
    state: {
      status: { phase: 'online' },
      role: 'viewer',
      me: { handle, name: '' },
      pending: { likes: 0, comments: 0, undurable: 0 },
    },
    serverNow: () => runtime.now(),
    on: (_, listener) => {
      hear = listener as typeof hear
      return () => {}
    },
    request: async (name, input) => {
      expect(name).toBe('reward.redeem')
      const { id } = input as { id: string }
      asked.push(id)
      return (await answer(id)) as never
    },
  }
  const wishes = createWishes({
    client: client as Client,
    storage,
    runtime,
    settled: (_, end) => became.push('state' in end ? end.state : (end as Refusal).code),
  })
  return {
    runtime,
    asked,
    became,
    wishes,
    storage,
    answers: (next: (id: string) => Promise<unknown>) => {
      answer = next
    },
    goes: (phase: 'online' | 'connecting') => {
      client.state = { ...client.state, status: { phase } }
      hear(client.state)
    },
  }
}
const noAnswer = async () => refuse('busy')

describe('wishes', () => {
  it('[CL33 002-05] one tap asks once and is done when answered', async () => {
    const { wishes, asked, became, storage } = setUp()
    wishes.redeem('oats')
    expect(storage.items.get('ff:wishes:')).toContain('oats')
    await settle()
    expect(asked).toHaveLength(1)
    expect(became).toEqual(['issued'])
    expect([wishes.open(), storage.items.get('ff:wishes:')]).toEqual([[], ''])
  })

  it('[CL33] what has no answer is asked again with the same id: in time, and after a cut', async () => {
    const { wishes, asked, became, answers, runtime, goes } = setUp()
    answers(noAnswer)
    wishes.redeem('oats')
    await settle()
    runtime.advance(1000)
    await settle()
    expect(asked).toHaveLength(2)
    goes('connecting')
    runtime.advance(60_000)
    await settle()
    expect(asked).toHaveLength(2)
    answers(async (id) => ({ ok: true, redemption: redemptionOf(id, 'issued') }))
    goes('online')
    await settle()
    expect(became).toEqual(['issued'])
    expect(new Set(asked).size).toBe(1)
  })

  it('[CL33] a page that comes after goes on with what the one before had asked', async () => {
    const storage = memoryStorage()
    const first = setUp(storage)
    first.answers(() => new Promise(() => {}))
    first.wishes.redeem('oats')
    const second = setUp(storage)
    await settle()
    expect(second.asked).toEqual(first.asked)
    expect(second.became).toEqual(['issued'])
  })

  it('[CL33] while the service holds, it is asked for the end; a refusal that holds is the end', async () => {
    const { wishes, became, answers, runtime } = setUp()
    answers(async (id) => ({ ok: true, redemption: redemptionOf(id, 'holding') }))
    wishes.redeem('oats')
    await settle()
    expect([became, wishes.open().length]).toEqual([[], 1])
    answers(async () => refuse('sold_out'))
    runtime.advance(1000)
    await settle()
    expect([became, wishes.open().length]).toEqual([['sold_out'], 0])
  })

  it('[CL34] nothing is asked for another viewer, after its time, or beyond the maximum', async () => {
    const storage = memoryStorage()
    const mei = setUp(storage)
    mei.answers(() => new Promise(() => {}))
    for (let i = 0; i < WISHES_MAX + 3; i++) mei.wishes.redeem('oats')
    expect(mei.wishes.open()).toHaveLength(WISHES_MAX)
    const other = setUp(storage, 'qiang')
    await settle()
    expect(other.asked).toEqual([])
    const late = setUp(storage)
    await settle()
    late.asked.length = 0
    storage.setItem('ff:wishes:', JSON.stringify(mei.wishes.open()))
    const after = setUp(storage)
    after.goes('connecting')
    after.runtime.advance(WISH_LIFE_MS + 1)
    after.asked.length = 0
    after.goes('online')
    await settle()
    expect(after.asked).toEqual([])
  })

  it('[CL33] a storage that holds something else is an empty one', () => {
    const storage = memoryStorage()
    storage.setItem('ff:wishes:', '[{"id":1},"x"]')
    expect(setUp(storage).wishes.open()).toEqual([])
  })
})
