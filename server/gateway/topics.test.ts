import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import { type Place, SLICE_MEMBERS_MAX, Topics } from './topics.ts'

/** Sockets that hear what their slices hear, and a loop whose turns are made by hand. */
function stand() {
  const members: { place: Place; topic: string; heard: number[]; due: number[] }[] = []
  let turn: (() => void)[] = []
  let inTurn = 0
  let most = 0
  const topics = new Topics({
    publish(name, frame) {
      const hearing = members.filter(({ place }) => place.slice.name === name)
      for (const { heard } of hearing) heard.push(must(frame[0], 'a number'))
      inTurn += hearing.length
      most = Math.max(most, inTurn)
    },
    soon: (run) => turn.push(run),
    later: (run) => turn.push(run),
  })
  let sent = 0
  return {
    topics,
    members,
    most: () => most,
    join(topic: string) {
      members.push({ place: topics.join(topic), topic, heard: [], due: [] })
    },
    leave(at: number) {
      const [gone] = members.splice(at % Math.max(1, members.length), 1)
      if (gone) topics.part(gone.place)
    },
    send(topic: string) {
      sent = (sent + 1) % 256
      for (const member of members) if (member.topic === topic) member.due.push(sent)
      topics.send(topic, Uint8Array.of(sent))
    },
    /** False where nothing is left to do. */
    turn(): boolean {
      inTurn = 0
      const runs = turn
      turn = []
      for (const run of runs) run()
      return turn.length > 0
    },
  }
}

const topic = fc.constantFrom('r:1', 'r:2')
const step = fc.oneof(
  fc.record({ do: fc.constant('join' as const), topic, times: fc.nat(500) }),
  fc.record({ do: fc.constant('leave' as const), at: fc.nat(1000), times: fc.nat(200) }),
  fc.record({ do: fc.constant('send' as const), topic }),
  fc.record({ do: fc.constant('turn' as const) }),
)

test('[GW17] who is in a topic hears each frame sent since, once and in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isFlushed) => {
      const { topics, members, ...on } = stand()
      for (const one of steps) {
        if (one.do === 'join') for (let i = 0; i < one.times; i++) on.join(one.topic)
        if (one.do === 'leave') for (let i = 0; i < one.times; i++) on.leave(one.at)
        if (one.do === 'send') on.send(one.topic)
        if (one.do === 'turn') on.turn()
      }
      if (isFlushed) topics.flush()
      else while (on.turn());
      for (const { heard, due } of members) expect(heard).toEqual(due)
    }),
    { numRuns: 200 },
  )
})

test('[GW17] a frame for thousands goes to a few hundred in each turn of the loop', () => {
  const on = stand()
  for (let i = 0; i < 3000; i++) on.join('r:1')
  on.send('r:1')
  let turns = 1
  while (on.turn()) turns += 1
  expect(on.most()).toBe(SLICE_MEMBERS_MAX)
  expect(turns).toBe(3000 / SLICE_MEMBERS_MAX)
})

test('[GW17] small rooms hear in one turn what fits into it', () => {
  const on = stand()
  for (let room = 0; room < 100; room++) for (let i = 0; i < 3; i++) on.join(`r:${room}`)
  for (let room = 0; room < 100; room++) on.send(`r:${room}`)
  expect(on.turn()).toBe(true)
  expect(on.turn()).toBe(false)
  expect(on.members.every(({ heard }) => heard.length === 1)).toBe(true)
})
