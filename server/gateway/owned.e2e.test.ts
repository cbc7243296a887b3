/** What an account owns shows wherever it is connected. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CommentLine } from '../../shared/room-state.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { knock, startService, type TestService, testTicket } from '../service.testing.ts'
import { publishPlain } from './exactly-once.testing.ts'
import { ask, eventually, like } from './stand.testing.ts'

let redis: TestRedis
let one: TestService
let two: TestService
beforeAll(async () => {
  redis = await startRedis()
  await publishPlain(await redis.connect(), {
    earn: [{ id: 'like', no: 1, action: 'like', points: 100 }],
  })
  one = await startService({ redisUrl: redis.url })
  two = await startService({ redisUrl: redis.url })
})
afterAll(async () => {
  await Promise.allSettled([one?.stop(), two?.stop()])
  await redis?.stop()
})

test('[E7 000-19] a colour bought on one gateway is that of the next comment on another', async () => {
  const enter = async ({ gatewayUrl }: TestService) =>
    (await knock(gatewayUrl, { ticket: await testTicket({ viewer: 'mei' }) })).socket
  const [phone, desk] = [await enter(one), await enter(two)]
  const said: CommentLine[] = []
  desk.on('room.pulsed', ({ comments = [] }) => void said.push(...comments))
  const saying = async (seq: number, text: string) => {
    await ask(desk, 'comment.send', { seq, text })
    return eventually(() => said.find((line) => line.text === text), text)
  }
  expect(await like(phone, { seq: 1, count: 1 })).toMatchObject({ ok: true })
  expect(await saying(1, 'before I buy it')).not.toHaveProperty('colour')

  const told = new Promise((done) => desk.once('account.changed', done))
  const bought = { effect: 'colour', requestId: 'colour01', colour: 'sky' }
  expect(await ask(phone, 'effect.buy', bought)).toMatchObject({ ok: true, state: 'done' })
  expect(await told).not.toHaveProperty('owned')
  // The word between gateways has no answer: of four comments one at least comes after it.
  let seq = 1
  const coloured = async () => {
    seq += 1
    const { colour } = await saying(seq, `and now in colour ${seq}`)
    return colour
  }
  await expect.poll(coloured, { interval: 500, timeout: 2000 }).toBe('sky')
  for (const socket of [phone, desk]) socket.close()
})
