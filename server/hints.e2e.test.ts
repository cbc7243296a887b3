/** What viewers are told before they ask: a quest they will likely finish, what goes with what they took, from when points buy less. */

import { expect, test } from 'vitest'
import type { Scored } from '../shared/account-state.ts'
import type { Refusal } from '../shared/errors.ts'
import type { QuestView } from '../shared/quests.ts'
import type { RewardView, ShelfView } from '../shared/rewards.ts'
import { PRESETS } from '../shared/rulebook/presets.ts'
import type { Rulebook } from '../shared/rulebook/schema.ts'
import { HOUR_MS } from '../shared/time.ts'
import { askSocket } from './merchant.testing.ts'
import { useService } from './use-service.testing.ts'

const { call, enter } = useService()

test('[TG13 000-30] who says something in every live finds a quest of comments marked with the reason, who is new does not', async () => {
  for (const [n, room] of ['r1', 'r2', 'r3'].entries()) {
    await call('/v1/rooms', { body: { id: room, name: room } })
    await call(`/v1/rooms/${room}/start`, { body: {} })
    const { socket } = await enter({ viewer: 'mia', room })
    const text = `good evening number ${n}`
    const said = await askSocket<Scored>(socket, 'comment.send', { seq: 1, text })
    expect(said.receipts[0]).toMatchObject({ action: 'comment', reason: 'earned' })
    socket.close()
  }
  const say = {
    ...{ id: 'say', no: 40, title: { zh: '说句话', en: 'Say something' } },
    ...{ action: 'comment', period: 'week', steps: [{ goal: 1, points: 5 }] },
  }
  const { version } = await call<{ version: number }>('/v1/rulebook', {
    body: { book: { ...PRESETS.live, quests: [say] } },
  })
  const likelyOf = async (viewer: string) => {
    const { socket } = await enter({ viewer })
    await expect
      .poll(() => askSocket<{ version: number }>(socket, 'rulebook.own', {}))
      .toMatchObject({ version })
    const { quests } = await askSocket<{ quests: QuestView[] }>(socket, 'quest.list', {})
    socket.close()
    return quests.map(({ id, likely }) => [id, likely?.en])
  }
  await expect
    .poll(() => likelyOf('mia'), { timeout: 10_000 })
    .toEqual([['say', 'Your usual 1 comment a live will likely do it']])
  expect(await likelyOf('new')).toEqual([['say', undefined]])
})

test('[TG12 RW60 002-55] whoever took a teapot is shown first what five others took beside theirs, and why', async () => {
  const kinds = { pot: ['茶壶', 'the teapot'], cup: ['茶杯', 'the cup'] } as const
  for (const [id, [zh, en]] of Object.entries(kinds)) {
    const reward = { title: { zh, en }, kind: 'item', points: 30, worthFen: 30 }
    const body = { ...reward, stock: { kind: 'endless' } }
    expect(await call(`/v1/rewards/${id}`, { body })).toMatchObject({ ok: true })
  }
  const takes = async (viewer: string, ...rewards: string[]) => {
    await call('/v1/events', { body: { action: 'purchase', viewer, amountFen: 20_000 } })
    const { socket } = await enter({ viewer })
    for (const reward of rewards) {
      const wish = { id: `wish-${viewer}-${reward}`, reward }
      await expect
        .poll(() => askSocket(socket, 'reward.redeem', wish), { timeout: 10_000 })
        .toMatchObject({ ok: true })
    }
    const { rewards: shelf } = await askSocket<{ rewards: RewardView[] }>(socket, 'reward.list', {})
    socket.close()
    const [first] = shelf
    return first?.recommended && `${first.id}: ${first.recommended.en}`
  }
  const others = await Promise.all([1, 2, 3, 4, 5].map((n) => takes(`pair${n}`, 'pot', 'cup')))
  expect(others).toHaveLength(5)
  expect(await takes('last', 'pot')).toBe('cup: Who took the teapot often takes this')
})

test('[G31 001-38] while points are to buy less, the shelf says from when and how much; called back, it says no more', async () => {
  const told = async () => {
    const { socket } = await enter({ viewer: 'saver' })
    const shelf = await askSocket<ShelfView>(socket, 'reward.list', {})
    socket.close()
    return shelf.valueCut
  }
  const { book } = await call<{ book: Rulebook }>('/v1/rulebook')
  const body = { book: { ...book, redemption: { ...book.redemption, factor: 1.25 } } }
  const refused = await call<Refusal>('/v1/rulebook', { body })
  expect(refused).toMatchObject({ code: 'notice_needed', field: 'redemption.factor' })
  const effectiveAtMs = (refused.fromMs ?? 0) + HOUR_MS
  const later = await call<{ version: number }>('/v1/rulebook', {
    body: { ...body, effectiveAtMs },
  })
  await expect.poll(told, { timeout: 5000 }).toEqual({ fromMs: effectiveAtMs, percent: 20 })
  await call('/v1/rulebook/call-back', { body: { version: later.version } })
  await expect.poll(told, { timeout: 5000 }).toBeUndefined()
})
