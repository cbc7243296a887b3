import { expect, test } from 'vitest'
import type { CommentLine } from '../../shared/room-state.ts'
import { askSocket } from '../merchant.testing.ts'
import { useService } from '../use-service.testing.ts'

/** Longer than the gate asks of one viewer between two comments. */
const PATIENCE_MS = 3200

const { call, enter } = useService()

/** One viewer in a room, and what is shown of what it says. */
async function come(room: string) {
  const { socket } = await enter({ viewer: 'fan', room })
  const shown: CommentLine[] = []
  socket.on('room.pulsed', ({ comments = [] }) => void shown.push(...comments))
  let seq = 0
  const say = async () => {
    if (seq > 0) await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
    const text = `what a lovely evening in the ${room}, number ${++seq}`
    await askSocket(socket, 'comment.send', { seq, text })
    const line = () => shown.find((one) => one.text === text)
    await expect.poll(line, { timeout: 10_000 }).toBeDefined()
    return line()?.club
  }
  return { socket, say }
}

test('[FC16] what a member says carries the title in the club of the host, in the rooms of that host alone, until it leaves', async () => {
  const { book } = await call<{ book: object }>('/v1/rulebook')
  const title = { zh: '新团员', en: 'Newcomer' }
  const fanClub = {
    rungs: [
      { id: 'new', label: title, growth: 0 },
      { id: 'fan', label: { zh: '铁粉', en: 'Fan' }, growth: 50 },
    ],
    earns: { like: 1 },
    perDay: 100,
  }
  expect(await call('/v1/rulebook', { body: { book: { ...book, fanClub } } })).toMatchObject({
    ok: true,
  })
  await call('/v1/rooms', { body: { id: 'garden', name: 'Garden', host: 'ada' } })
  await call('/v1/rooms/garden/start', { body: {} })
  const here = await come('demo')
  await expect
    .poll(() => askSocket(here.socket, 'club.read', {}), { timeout: 15_000, interval: 1500 })
    .toHaveProperty('club')
  const saying = () => expect.poll(here.say, { timeout: 40_000 })
  await saying().toBeUndefined()
  await askSocket(here.socket, 'club.join', { requestId: 'join-fan-001' })
  await saying().toEqual(title)
  const there = await come('garden')
  expect([await there.say(), await there.say()]).toEqual([undefined, undefined])
  await askSocket(here.socket, 'club.leave', {})
  await saying().toBeUndefined()
  for (const { socket } of [here, there]) socket.close()
})
