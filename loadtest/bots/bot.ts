/** One bot: a viewer with habits over a real socket, who comes, stays and goes. */

import { seededRandom } from '../../shared/seeded.ts'
import type { Client, ClientOptions, Runtime } from '../../widget/client/index.ts'
import { createClient } from '../../widget/client/index.ts'
import { commentOf, nameOf } from './lines.ts'
import { between, type Habit, type Persona, personaOf } from './personas.ts'

/** Within this of its arrival a bot does each of its habits for the first time. */
const FIRST_GO_MS = 20_000

/** How a bot is known to the service. */
export interface BotIdentity {
  viewer: string
  name: string
}

/** Sums over all bots since the crowd was started. */
export interface CrowdStats {
  visits: number
  taps: number
  comments: number
  shares: number
  /** Commands that were scored, without repeats. */
  scored: number
  points: number
  /** Commands that were given up, by code. */
  dropped: Record<string, number>
}

export interface BotOptions {
  number: number
  seed: number
  runtime: Runtime
  getTicket: (bot: BotIdentity) => Promise<string>
  client: Pick<ClientOptions, 'url' | 'socketFactory'>
  stats: CrowdStats
}

export class Bot {
  readonly #o: BotOptions
  readonly #random: () => number
  readonly persona: Persona
  readonly identity: BotIdentity
  #client: Client | undefined
  #timers = new Set<() => void>()

  constructor(options: BotOptions) {
    this.#o = options
    this.#random = seededRandom(options.seed ^ Math.imul(options.number + 1, 0x9e3779b1))
    this.persona = personaOf(this.#random)
    this.identity = { viewer: `bot-${options.number}`, name: nameOf(this.#random) }
  }

  get online(): boolean {
    return this.#client?.state.status.phase === 'online'
  }

  arrive(): void {
    const { stats, client: options, getTicket, runtime } = this.#o
    stats.visits++
    const client = createClient({
      ...options,
      role: 'viewer',
      runtime,
      getTicket: () => getTicket(this.identity),
    })
    this.#client = client
    client.on('scored', ({ scored, again }) => {
      if (scored.dup || again) return
      stats.scored++
      for (const receipt of scored.receipts) stats.points += receipt.points
    })
    client.on('dropped', ({ refusal }) => {
      stats.dropped[refusal.code] = (stats.dropped[refusal.code] ?? 0) + 1
    })
    client.on('moment', (moment) => {
      if (moment.kind === 'task.started') this.#joinIn(moment.task.action, moment.task.goal)
    })
    client.connect()
    // Who comes has something to say; without it a small crowd would be silent for its first minute.
    for (const habit of Object.keys(this.persona.habits) as Habit[]) {
      this.#after(this.#random() * FIRST_GO_MS, () => {
        this.#act(habit)
        this.#keepUp(habit)
      })
    }
    this.#after(between(this.#random, this.persona.stays), () => this.#goAway())
  }

  leave(): void {
    for (const stop of this.#timers) stop()
    this.#timers.clear()
    this.#client?.close()
    this.#client = undefined
  }

  #goAway(): void {
    this.leave()
    this.#after(between(this.#random, this.persona.away), () => this.arrive())
  }

  #keepUp(habit: Habit): void {
    const span = this.persona.habits[habit]
    if (!span) return
    this.#after(between(this.#random, span), () => {
      this.#act(habit)
      this.#keepUp(habit)
    })
  }

  /** A task with a goal of several shares or comments takes several goes. */
  #joinIn(action: string, goal: number): void {
    if (!isHabit(action) || this.#random() > this.persona.eager) return
    const goes = action === 'like' ? Math.ceil(goal / 5) : goal
    let atMs = 0
    for (let i = 0; i < Math.min(goes, 20); i++) {
      atMs += between(this.#random, [2000, 15_000])
      this.#after(atMs, () => this.#act(action))
    }
  }

  /** Only while connected: what a bot does in vain is no load. */
  #act(habit: Habit): void {
    const { stats } = this.#o
    const client = this.#client
    if (!client || !this.online) return
    if (habit === 'like') {
      const taps = Math.round(between(this.#random, this.persona.taps))
      stats.taps += taps
      client.like(taps)
    } else if (habit === 'comment') {
      const { text, question } = commentOf(this.#random)
      stats.comments++
      void client.comment(text, { question })
    } else {
      stats.shares++
      void client.share('room')
    }
  }

  #after(ms: number, run: () => void): void {
    const stop = this.#o.runtime.after(ms, () => {
      this.#timers.delete(stop)
      run()
    })
    this.#timers.add(stop)
  }
}

const isHabit = (action: string): action is Habit =>
  action === 'like' || action === 'comment' || action === 'share'
