/** A comment that the host picks, or that enough other viewers like, brings its author the bonus of a top comment, once. */

import { beforeAll, expect, test } from 'vitest'
import type { AccountState, Scored } from '../../shared/account-state.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { publishRulebook } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import { endLive, keysOfRoom } from '../rooms/index.ts'
import { knock, type TestService, testTicket } from '../service.testing.ts'
import { useServices } from '../use-services.testing.ts'
import { ask, eventually } from './stand.testing.ts'

const services = useServices()
let service: TestService
beforeAll(async () => {
  const book = { ...PRESETS.live, quests: [], comment: { ...PRESETS.live.comment, likes: 3 } }
  const published = await publishRulebook(services.store(), { book, by: 'test' })
  expect(published).toMatchObject({ ok: true })
  ;[service] = await services.start('gateway,worker')
})

const ROOM = 'demo'
const enter = async (viewer: string, role: 'viewer' | 'host' = 'viewer') =>
  knock(service.gatewayUrl, { ticket: await testTicket({ viewer, role }) })
/** Says something and finds it where the others do. */
async function says(viewer: string, text: string) {
  const author = await enter(viewer)
  const { account } = await ask<Scored>(author.socket, 'comment.send', { seq: 1, text })
  const { id } = await eventually(async () => {
    const { welcome, socket } = await enter('reader')
    socket.close()
    return welcome.room.comments.find((line) => line.text === text)
  }, 'the comment is in the room')
  const told: { account: AccountState; receipts: Scored['receipts'] }[] = []
  author.socket.on('account.changed', (change) => void told.push(change))
  const bonuses = () => told.flatMap(({ receipts }) => receipts.map(({ action }) => action))
  return { ...author, account, comment: id, told, bonuses }
}

test('[RM15 000-10] three other viewers like a comment: its author has the bonus at once, and no second one by more likes or the host', async () => {
  const author = await says('mei', '这款燕麦片可以冷泡吗，孩子早上来不及')
  const { comment } = author
  const like = async (viewer: string) => {
    const { socket } = await enter(viewer)
    const answer = await ask(socket, 'comment.like', { comment })
    socket.close()
    return answer
  }
  // One's own like is none, and one viewer is one however many devices like.
  expect(await ask(author.socket, 'comment.like', { comment })).toMatchObject({ code: 'forbidden' })
  for (const viewer of ['an', 'an', 'bo']) expect(await like(viewer)).toEqual({ ok: true })
  expect(author.bonuses()).toEqual([])
  expect(await like('cai')).toEqual({ ok: true })
  await expect.poll(author.bonuses, { timeout: 5000 }).toEqual(['spotlight'])
  const change = must(author.told[0], 'a change')
  expect(change.receipts).toMatchObject([{ action: 'spotlight', reason: 'earned', points: 30 }])
  expect(change.account.balance.spendable).toBe(author.account.balance.spendable + 30)

  for (const viewer of ['dan', 'er']) expect(await like(viewer)).toEqual({ ok: true })
  const host = await enter('host', 'host')
  expect(await ask(host.socket, 'comment.spotlight', { comment })).toEqual({ ok: true })
  const now = await enter('mei')
  expect(now.welcome.account?.balance.spendable).toBe(change.account.balance.spendable)
  expect(author.bonuses()).toEqual(['spotlight'])
  for (const { socket } of [author, host, now]) socket.close()
})

test('[RM12 000-10] the host picks a comment: its author has the bonus, once', async () => {
  const author = await says('lin', '这口锅能用在电磁炉上吗')
  const host = await enter('host', 'host')
  for (let i = 0; i < 2; i++)
    expect(await ask(host.socket, 'comment.spotlight', { comment: author.comment })).toEqual({
      ok: true,
    })
  await expect.poll(author.bonuses, { timeout: 5000 }).toEqual(['spotlight'])
  const now = await enter('lin')
  expect(now.welcome.account?.balance.spendable).toBe(author.account.balance.spendable + 30)
  for (const { socket } of [author, host, now]) socket.close()
})

test('[RM15 J32] what a gateway that died left owed is paid with the end of the live, and nothing a second time', async () => {
  const [picked, liked] = [await says('qi', '发货要几天到'), await says('rui', '有没有小一号的')]
  const host = await enter('host', 'host')
  await ask(host.socket, 'comment.spotlight', { comment: picked.comment })
  await expect.poll(picked.bonuses, { timeout: 5000 }).toEqual(['spotlight'])
  const store = services.store()
  const { owed, comments } = keysOfRoom(ROOM)
  for (const { comment } of [picked, liked]) {
    const [[, said] = []] = await store.xrange(comments, `${comment}-0`, `${comment}-0`)
    await store.hset(owed, String(comment), must(said?.[1], 'an author'))
  }
  const { live } = host.welcome.room
  expect(await endLive(store, { room: ROOM, live: live.no })).toMatchObject({ ok: true })
  await expect.poll(liked.bonuses, { timeout: 10_000 }).toEqual(['spotlight'])
  await expect.poll(() => store.exists(owed), { timeout: 5000 }).toBe(0)
  expect(picked.bonuses()).toEqual(['spotlight'])
  for (const { socket } of [picked, liked, host]) socket.close()
})
