/**
 * Topics whose members hear a frame a few hundred at a time: a send costs the kernel some ten microseconds, so a frame
 * for ten thousand sockets in one turn of the loop would let everybody else wait for a tenth of a second.
 */

import { RIDE_MS_MAX, type Rider } from './rider.ts'

/** Sockets that a frame goes to in one turn of the loop: about two milliseconds. */
export const SLICE_MEMBERS_MAX = 200

/** Members who hear frames in the same turn. */
interface Slice {
  /** What its members are subscribed to. */
  name: string
  members: Rider[]
  /** Number of the frame that it is to hear next. */
  next: number
}

interface Topic {
  slices: Slice[]
  /** Named once, also where slices come and go. */
  named: number
  /** Those that some slice has not heard yet, up to number `sent` less one. */
  frames: Uint8Array[]
  sent: number
}

interface Due {
  topic: Topic
  slice: Slice
}

/** Where a member is; needed to part with the topic. */
export interface Place {
  topic: string
  slice: Slice
  member: Rider
}

export interface TopicsOptions {
  /** To all members of a slice. */
  publish: (name: string, frame: Uint8Array) => void
  /** Calls back in the next turn of the loop. */
  soon: (run: () => void) => void
  /** Calls back after some milliseconds. */
  after: (ms: number, run: () => void) => void
}

export class Topics {
  readonly #options: TopicsOptions
  readonly #topics = new Map<string, Topic>()
  #isWalking = false

  constructor(options: TopicsOptions) {
    this.#options = options
  }

  /** The member hears what is sent from now on, under the name of the slice. */
  join(topic: string, member: Rider): Place {
    const known = this.#topics.get(topic) ?? { slices: [], named: 0, frames: [], sent: 0 }
    this.#topics.set(topic, known)
    // Not one that still has to hear what was sent before: the member knows that already.
    let slice = known.slices.find(
      ({ members, next }) => members.length < SLICE_MEMBERS_MAX && next === known.sent,
    )
    if (!slice) {
      slice = { name: `${topic}/${known.named++}`, members: [], next: known.sent }
      known.slices.push(slice)
    }
    slice.members.push(member)
    return { topic, slice, member }
  }

  part({ topic, slice, member }: Place): void {
    slice.members.splice(slice.members.indexOf(member), 1)
    const known = this.#topics.get(topic)
    if (!known || slice.members.length > 0) return
    known.slices = known.slices.filter((other) => other !== slice)
    if (known.slices.length === 0) this.#topics.delete(topic)
  }

  /** Frames of a topic are heard in their order; those of one turn together, from the next turn on. */
  send(topic: string, frame: Uint8Array): void {
    const known = this.#topics.get(topic)
    if (!known) return
    known.frames.push(frame)
    known.sent += 1
    if (this.#isWalking) return
    this.#isWalking = true
    this.#options.soon(() => this.#walk())
  }

  /** What was sent is heard by all in this turn. */
  flush(): void {
    for (let due = this.#due(); due; due = this.#due()) this.#hear(due)
    for (const { slices } of this.#topics.values())
      for (const { members } of slices) for (const member of members) member.settle()
  }

  #walk(): void {
    let due = this.#due()
    for (let members = 0; due; due = this.#due()) {
      members += due.slice.members.length
      if (members > SLICE_MEMBERS_MAX) break
      this.#hear(due)
    }
    this.#isWalking = due !== undefined
    if (due) this.#options.soon(() => this.#walk())
  }

  /** A slice that lacks something; undefined where none does. */
  #due(): Due | undefined {
    for (const topic of this.#topics.values()) {
      if (topic.frames.length === 0) continue
      const slice = topic.slices.find(({ next }) => next < topic.sent)
      if (slice) return { topic, slice }
      topic.frames = []
    }
    return undefined
  }

  /** Lets a slice hear all that it lacks; who acts hears with an answer. */
  #hear({ topic: { frames, sent }, slice }: Due): void {
    const lacking = frames.slice(frames.length - (sent - slice.next))
    slice.next = sent
    if (!slice.members.some(({ isApart }) => isApart)) {
      for (const frame of lacking) this.#options.publish(slice.name, frame)
      return
    }
    const acting = slice.members.filter(({ isActing }) => isActing)
    for (const member of slice.members) {
      if (member.isActing) member.owe(lacking)
      else member.hear(lacking)
    }
    this.#options.after(RIDE_MS_MAX, () => {
      for (const member of acting) member.settle()
    })
  }
}
