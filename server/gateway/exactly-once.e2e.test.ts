/** Two gateway processes, every command sent to both, one of them killed in the middle. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { parseAccount } from '../../shared/ids.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { publishRulebook } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { readJournal } from '../scoring/index.ts'
import {
  knock,
  startService,
  type TestService,
  type TestSocket,
  testTicket,
} from '../service.testing.ts'
import { journalKey, readTotals, totalsKey } from '../wallet/index.ts'

const VIEWERS = 200
const COMMANDS = 12

let redis: TestRedis
let store: Store
let one: TestService
let two: TestService
beforeAll(async () => {
  redis = await startRedis()
  store = await redis.connect()
  await publishRulebook(store, {
    book: {
      ...PRESETS.live,
      earn: [{ id: 'like', no: 1, action: 'like', points: 1 }],
      dailyPoints: undefined,
      ladder: {
        id: 'flat',
        rungs: [
          { id: 'regular', label: { zh: '普通', en: 'Regular' }, growth: 0 },
          { id: 'never', label: { zh: '无', en: 'Never' }, growth: 1e9 },
        ],
      },
      heat: {
        ...PRESETS.live.heat,
        levels: [{ from: 0, label: { zh: '冷', en: 'Cold' }, factors: {} }],
      },
    },
    by: 'test',
  })
  ;[one, two] = (await Promise.all([1, 2].map(() => startService({ redisUrl: redis.url })))) as [
    TestService,
    TestService,
  ]
})
afterAll(async () => {
  await Promise.allSettled([one.kill(), two.kill()])
  await redis.stop()
})

interface Person {
  account: number
  sockets: TestSocket[]
  /** Sequence numbers that some gateway acknowledged, and how many of the answers were first ones. */
  acknowledged: Set<number>
  firsts: number
}

function send(person: Person, socket: TestSocket, seq: number): Promise<void> {
  return new Promise((done) => {
    if (!socket.connected) return done()
    socket.once('disconnect', () => done())
    socket.emit('like.send', { seq, count: 1 }, (answer: Scored | Refusal) => {
      if (answer.ok) {
        person.acknowledged.add(seq)
        if (!answer.dup) person.firsts += 1
      }
      done()
    })
  })
}

async function arrive(i: number): Promise<Person> {
  const ticket = await testTicket({ viewer: `v${i}` })
  const first = await knock(one.gatewayUrl, { ticket })
  const session = must(first.welcome.session, 'a session')
  // The same client session through the other gateway, as after a cut.
  const second = await knock(two.gatewayUrl, { ticket, session })
  return {
    account: must(parseAccount(first.welcome.me.handle), 'an account'),
    sockets: [first.socket, second.socket],
    acknowledged: new Set(),
    firsts: 0,
  }
}

test('[C28 P4 000-15] 200 viewers, every command on two gateways, one killed: acknowledged = credited, nothing twice', async () => {
  const people: Person[] = []
  for (let i = 0; i < VIEWERS; i += 25)
    people.push(...(await Promise.all(Array.from({ length: 25 }, (_, j) => arrive(i + j)))))

  for (let seq = 1; seq <= COMMANDS; seq++) {
    const round = people.flatMap((person) =>
      person.sockets.map((socket) => send(person, socket, seq)),
    )
    if (seq === COMMANDS / 2) await one.kill()
    await Promise.all(round)
  }
  // Whatever only the killed gateway had is sent again to the other, like a client's outbox does.
  for (const person of people)
    for (let seq = 1; seq <= COMMANDS; seq++)
      if (!person.acknowledged.has(seq))
        await send(person, must(person.sockets[1], 'a socket'), seq)
  for (const person of people) for (const socket of person.sockets) socket.close()

  const partitions = createPartitions(8)
  const credited = new Map<string, number>()
  let issued = 0
  for (const slot of partitions.slots) {
    for (const [, fields] of await store.xrangeBuffer(journalKey(slot), '-', '+')) {
      for (const entry of readJournal(must(fields[1], 'bytes')).entries)
        for (const receipt of entry.receipts) {
          if (receipt.action !== 'like') continue
          const id = `${entry.account}:${entry.session}:${receipt.seq}`
          credited.set(id, (credited.get(id) ?? 0) + 1)
          expect(receipt.points).toBe(1)
        }
    }
    const totals = await readTotals(store, totalsKey(slot))
    expect(totals.spendable).toBe(totals.issued)
    issued += totals.issued
  }
  expect([...credited.values()].filter((times) => times !== 1)).toEqual([])
  expect(credited.size).toBe(VIEWERS * COMMANDS)
  expect(issued).toBe(VIEWERS * COMMANDS)
  for (const person of people) {
    expect(person.acknowledged.size).toBe(COMMANDS)
    // A first answer may have died with its gateway, but there is never more than one.
    expect(person.firsts).toBeLessThanOrEqual(COMMANDS)
  }
})
