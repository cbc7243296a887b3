/** The app in docs/integration.md: Socket.IO's own client, and what it has to do itself. */

import { readFileSync } from 'node:fs'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { eventually, newTicket, type Stand, startStand } from './stand.testing.ts'

interface App {
  socket: Socket
  act(name: string, input?: object): boolean
}
type Enter = (of: {
  gatewayUrl: string
  newTicket: () => Promise<string>
  heard: (name: string, answer: Scored | Refusal) => void
}) => App

const [, lines = ''] =
  /\/\/ app\.mjs[^\n]*\nimport [^\n]*([\s\S]*?)```/.exec(
    readFileSync('docs/integration.md', 'utf8'),
  ) ?? []
const enter = new Function('io', `${lines.replace('export ', '')}; return enter`)(io) as Enter

let stand: Stand
beforeAll(async () => {
  stand = await startStand()
})
afterAll(() => stand.stop())

test('[A20] the app of the document counts everything once over a cut, and asks for a ticket where it has none', async () => {
  const answers: (Scored | Refusal)[] = []
  const tickets = ['', 'of nobody', await newTicket()]
  let asked = 0
  const app = enter({
    gatewayUrl: stand.url,
    heard: (_, answer) => answers.push(answer),
    newTicket: async () => {
      const ticket = tickets[asked++]
      if (ticket === '') throw new Error('the backend is away')
      return ticket ?? ''
    },
  })
  const first = new Promise((done) => app.socket.once('session.welcomed', done))
  expect(app.act('like.send', { count: 1 })).toBe(false)
  await first
  expect(asked).toBe(3)
  app.act('like.send', { count: 3 })
  await eventually(() => answers.length === 1 || undefined, 'an answer')
  const back = new Promise((done) => app.socket.once('session.welcomed', done))
  app.act('like.send', { count: 2 })
  app.socket.io.engine.close()
  app.act('like.send', { count: 4 })
  await back
  await eventually(() => answers.length === 3 || undefined, 'all answers')
  const last = answers.at(-1)
  expect(last).toMatchObject({ ok: true, account: { today: { used: { like: 9 } } } })
  expect(asked).toBe(3)
  for (let i = 0; i < 31; i++) expect(app.act('like.send', { count: 1 })).toBe(true)
  expect(app.act('like.send', { count: 1 })).toBe(false)
  await eventually(() => answers.length === 34 || undefined, 'those that came too fast', 30_000)
  expect(answers.every(({ ok }) => ok)).toBe(true)
  app.socket.close()
}, 60_000)
