import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import { RIDE_MS_MAX, Rider } from './rider.ts'
import { type Place, SLICE_MEMBERS_MAX, Topics } from './topics.ts'

/** A socket, and the numbers of frames that it has to hear. */
class Ear extends Rider {
  readonly heard: number[] = []
  readonly due: number[] = []
  readonly #onHeard: () => void

  constructor(onHeard: () => void) {
    super()
    this.#onHeard = onHeard
  }

  override hear(frames: readonly Uint8Array[]): void {
    for (const frame of [...(this.takeOwed() ?? []), ...frames]) this.published(frame)
  }

  published(frame: Uint8Array): void {
    this.heard.push(must(frame[0], 'a number'))
    this.#onHeard()
  }

  ask(): void {
    this.isActing = true
  }

  /** What it waited for comes. */
  answer(): void {
    this.hear([])
  }
}

/** Sockets that hear what their slices hear, and a loop whose turns are made by hand. */
function stand() {
  const members: { place: Place; ear: Ear }[] = []
  const late: (() => void)[] = []
  let turn: (() => void)[] = []
  let inTurn = 0
  let most = 0
  const topics = new Topics({
    publish(name, frame) {
      for (const { place, ear } of members) if (place.slice.name === name) ear.published(frame)
    },
    soon: (run) => turn.push(run),
    after: (ms, run) => (ms === RIDE_MS_MAX ? late : turn).push(run),
  })
  let sent = 0
  return {
    topics,
    members,
    most: () => most,
    join(topic: string) {
      const ear = new Ear(() => {
        inTurn += 1
        most = Math.max(most, inTurn)
      })
      members.push({ place: topics.join(topic, ear), ear })
    },
    leave(at: number) {
      const [gone] = members.splice(at % Math.max(1, members.length), 1)
      if (gone) topics.part(gone.place)
    },
    send(topic: string) {
      sent = (sent + 1) % 256
      for (const { place, ear } of members) if (place.topic === topic) ear.due.push(sent)
      topics.send(topic, Uint8Array.of(sent))
    },
    /** Answers have not come for too long. */
    late(): void {
      for (const run of late.splice(0)) run()
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
  fc.record({ do: fc.constantFrom('ask', 'answer'), at: fc.nat(1000), times: fc.nat(200) }),
  fc.record({ do: fc.constantFrom('turn', 'late') }),
)

test('[GW17] who is in a topic hears each frame sent since, once and in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isFlushed) => {
      const { topics, members, ...on } = stand()
      for (const one of steps) {
        if (one.do === 'join') for (let i = 0; i < one.times; i++) on.join(one.topic)
        if (one.do === 'leave') for (let i = 0; i < one.times; i++) on.leave(one.at)
        if (one.do === 'send') on.send(one.topic)
        if (one.do === 'ask' || one.do === 'answer')
          for (let i = 0; i < one.times; i++) members[(one.at + i) % members.length]?.ear[one.do]()
        if (one.do === 'turn' || one.do === 'late') on[one.do]()
      }
      if (isFlushed) topics.flush()
      else {
        while (on.turn());
        on.late()
      }
      for (const { ear } of members) expect(ear.heard).toEqual(ear.due)
    }),
    { numRuns: 200 },
  )
})

test('[GW17] who acts hears with an answer, and without it when none comes', () => {
  const on = stand()
  for (let i = 0; i < 4; i++) on.join('r:1')
  const [waiting, between, quiet, idle] = on.members.map(({ ear }) => ear)
  const heard = () => [waiting, between, quiet, idle].map((ear) => ear?.heard)
  for (const ear of [waiting, between, quiet]) ear?.ask()
  for (const ear of [between, quiet]) ear?.answer()
  on.send('r:1')
  on.turn()
  expect(heard()).toEqual([[], [], [], [1]])
  waiting?.answer()
  between?.ask()
  between?.answer()
  expect(heard()).toEqual([[1], [1], [], [1]])
  on.late()
  expect(heard()).toEqual([[1], [1], [1], [1]])
})

test('[GW17] who has stopped acting hears the next frame at once', () => {
  const on = stand()
  on.join('r:1')
  const [ear] = on.members.map((member) => member.ear)
  ear?.ask()
  ear?.answer()
  for (let i = 0; i < 2; i++) {
    on.send('r:1')
    on.turn()
  }
  expect(ear?.heard).toEqual([1, 2])
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
  expect(on.members.every(({ ear }) => ear.heard.length === 1)).toBe(true)
})
