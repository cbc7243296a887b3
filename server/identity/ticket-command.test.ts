import { expect, test } from 'vitest'
import { ticketKeys } from './secrets.ts'
import { brandKey, NOW } from './testing.ts'
import { verifyTicket } from './ticket.ts'
import { ticketCommand } from './ticket-command.ts'

const tickets = [brandKey('k1', 'acme')]
const run = (...argv: string[]) =>
  ticketCommand(argv, { tickets, pages: 'http://127.0.0.1:7070', nowMs: NOW })

test('prints a ticket that verifies and the page that takes it', async () => {
  const { text, code } = await run('--room', 'demo', '--role', 'host', '--name', 'Ann')
  expect(code).toBe(0)
  const [ticket = ''] = text.split('\n')
  expect(text).toContain(`http://127.0.0.1:7070/host#ticket=${ticket}`)
  expect(await verifyTicket(ticketKeys(tickets), ticket, { nowMs: NOW })).toMatchObject({
    claims: { room: 'demo', role: 'host', name: 'Ann', brand: 'acme' },
  })
})

test("an operator's ticket needs no room and opens the console", async () => {
  const { text, code } = await run('--role', 'operator', '--viewer', 'zhou-ning')
  expect(code).toBe(0)
  const [ticket = ''] = text.split('\n')
  expect(text).toContain(`http://127.0.0.1:7070/operator#ticket=${ticket}`)
  expect(await verifyTicket(ticketKeys(tickets), ticket, { nowMs: NOW })).toMatchObject({
    claims: { role: 'operator', viewer: 'zhou-ning', brand: 'acme' },
  })
})

test.each([
  [[], '--room'],
  [['--room', 'a b'], '--room'],
  [['--room', 'r', '--role', 'boss'], '--role'],
  [['--room', 'r', '--viewer', '}{'], '--viewer'],
  [['--room', 'r', '--brand', 'nobody'], 'nobody'],
  [['--room', 'r', '--colour', 'red'], '--colour'],
])('arguments %j are refused with the usage', async (argv, why) => {
  const { text, code } = await run(...argv)
  expect(code).toBe(2)
  expect(text).toContain(why)
  expect(text).toContain('usage:')
})
