/** The main scenario of exactly once: two gateways, every command sent to both, and what the journal must say. */

import { expect } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { parseAccount } from '../../shared/ids.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import { publishRulebook } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { journalled } from '../scoring/journalled.testing.ts'
import {
  knock,
  PARTITIONS,
  type TestService,
  type TestSocket,
  testTicket,
} from '../service.testing.ts'
import { readTotals, totalsKey } from '../wallet/index.ts'

/** One point a like, no caps, no ladder, no heat: an account holds as many points as commands were credited. */
export const publishPlain = (
  store: Store,
  also: Partial<RulebookInput> = {},
  effectiveAtMs?: number,
) =>
  publishRulebook(store, {
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
      ...also,
    },
    by: 'test',
    ...(effectiveAtMs !== undefined && { effectiveAtMs }),
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

async function arrive(gateways: Gateways, i: number): Promise<Person> {
  const ticket = await testTicket({ viewer: `v${i}` })
  const first = await knock(gateways.one.gatewayUrl, { ticket })
  const session = must(first.welcome.session, 'a session')
  // The same client session through the other gateway, as after a cut.
  const second = await knock(gateways.two.gatewayUrl, { ticket, session })
  return {
    account: must(parseAccount(first.welcome.me.handle), 'an account'),
    sockets: [first.socket, second.socket],
    acknowledged: new Set(),
    firsts: 0,
  }
}

export interface Gateways {
  one: TestService
  two: TestService
}

export interface Play extends Gateways {
  store: Store
  viewers: number
  /** By each viewer. */
  commands: number
  /** While the round of that number is under way. */
  during: (round: number) => Promise<void>
}

/** Plays it and checks what every account, journal and answer says afterwards. */
export async function playDoubled({ store, viewers, commands, during, ...gateways }: Play) {
  const people: Person[] = []
  for (let i = 0; i < viewers; i += 25)
    people.push(
      ...(await Promise.all(Array.from({ length: 25 }, (_, j) => arrive(gateways, i + j)))),
    )
  for (let seq = 1; seq <= commands; seq++) {
    const round = people.flatMap((person) =>
      person.sockets.map((socket) => send(person, socket, seq)),
    )
    await during(seq)
    await Promise.all(round)
  }
  // Whatever only a killed gateway had is sent again to the other, like a client's outbox does.
  for (let tries = 0; tries < 20; tries++)
    await Promise.all(
      people.map(async (person) => {
        for (let seq = 1; seq <= commands; seq++)
          if (!person.acknowledged.has(seq))
            await send(person, must(person.sockets[1], 'a socket'), seq)
      }),
    )
  for (const person of people) for (const socket of person.sockets) socket.close()
  await check(store, { viewers, commands })
  for (const person of people) {
    expect(person.acknowledged.size).toBe(commands)
    // A first answer may have died with its gateway, but there is never more than one.
    expect(person.firsts).toBeLessThanOrEqual(commands)
  }
}

async function check(store: Store, { viewers, commands }: Pick<Play, 'viewers' | 'commands'>) {
  const credited = new Map<string, number>()
  for (const entry of await journalled(store, PARTITIONS.slots))
    for (const receipt of entry.receipts) {
      if (receipt.action !== 'like') continue
      const id = `${entry.account}:${entry.session}:${receipt.seq}`
      credited.set(id, (credited.get(id) ?? 0) + 1)
      expect(receipt.points).toBe(1)
    }
  let issued = 0
  for (const slot of PARTITIONS.slots) {
    const totals = await readTotals(store, totalsKey(slot))
    expect(totals.spendable).toBe(totals.issued)
    issued += totals.issued
  }
  expect([...credited.values()].filter((times) => times !== 1)).toEqual([])
  expect(credited.size).toBe(viewers * commands)
  expect(issued).toBe(viewers * commands)
}
