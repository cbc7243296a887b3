/** Who plays by which version, in one process: nearly always all by the current one. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { rulebookVersion } from '../governance/index.ts'
import type { Clock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { assign } from './assign.ts'
import { documentRevision, readExperiments, type StoredExperiment } from './document.ts'
import { POLL_MS } from './limits.ts'

/** A room, as far as a pilot asks. */
export interface PlayedRoom {
  id: string
  profile: string
}

/** What a process plays beside the current version; another object after every change. */
export interface Variants {
  experiment: StoredExperiment
  /** Of each arm; undefined where it was stopped. */
  books: readonly (PublishedRulebook | undefined)[]
}

export interface PlayingOptions {
  store: Store
  clock: Clock
  rulebook: () => PublishedRulebook
  /** Reading failed; what was known holds. Once until it succeeds again. */
  onError?: (error: unknown) => void
}

export class Playing {
  readonly #options: PlayingOptions
  /** What was started, also where its first instant is still to come. */
  #known: Variants | undefined
  /** The same from its first instant to its last. */
  #on: Variants | undefined
  #studied: StoredExperiment[] = []
  #revision = ''
  #asking: Promise<void> | undefined
  #failing = false
  #stop: (() => void) | undefined

  constructor(options: PlayingOptions) {
    this.#options = options
  }

  /** Resolves when it knows what runs; then it follows within a second. */
  async start(): Promise<this> {
    await this.#ask()
    this.#stop = this.#options.clock.every(POLL_MS, () => this.#tick())
    return this
  }

  stop(): void {
    this.#stop?.()
  }

  /** Experiments of which accounts are counted: the one that runs, or was not counted to its end yet. */
  get studied(): readonly StoredExperiment[] {
    return this.#studied
  }

  /** Undefined while nothing runs, and from the instant on at which another version than its base is current. */
  get variants(): Variants | undefined {
    const on = this.#on
    return on === undefined || on.experiment.base === this.#options.rulebook().version
      ? on
      : undefined
  }

  /** Whether viewers of one room may play by different versions. */
  get byAccount(): Variants | undefined {
    const { variants } = this
    return variants?.experiment.unit === 'account' ? variants : undefined
  }

  /** By what a room is played: its heat, and what is done in it. */
  inRoom(room: PlayedRoom): PublishedRulebook {
    const { variants } = this
    if (variants?.experiment.unit !== 'room') return this.#options.rulebook()
    const { profiles, rooms } = variants.experiment.where ?? { profiles: [], rooms: [] }
    const isPilot = rooms.includes(room.id) || profiles.includes(room.profile)
    return (isPilot ? variants.books[0] : undefined) ?? this.#options.rulebook()
  }

  /** By what an account plays, in a room where one is named. */
  of(account: number, room?: PlayedRoom): PublishedRulebook {
    const { byAccount } = this
    if (!byAccount) return room ? this.inRoom(room) : this.#options.rulebook()
    const arm = assign(byAccount.experiment, account)
    return (arm === undefined ? undefined : byAccount.books[arm]) ?? this.#options.rulebook()
  }

  /** A version that somebody may play by now; the current one where it is none of these. */
  version(version: number): PublishedRulebook {
    const found = this.variants?.books.find((book) => book?.version === version)
    return found ?? this.#options.rulebook()
  }

  #tick(): void {
    // By the clock, also where nobody can be asked.
    this.#turn()
    this.#asking ??= this.#ask()
      .then(() => {
        this.#failing = false
      })
      .catch((error: unknown) => {
        if (!this.#failing) this.#options.onError?.(error)
        this.#failing = true
      })
      .finally(() => {
        this.#asking = undefined
      })
  }

  #turn(): void {
    const { startsAtMs = 0, endsAtMs = 0 } = this.#known?.experiment ?? {}
    const nowMs = this.#options.clock.now()
    this.#on = nowMs >= startsAtMs && nowMs < endsAtMs ? this.#known : undefined
  }

  async #ask(): Promise<void> {
    const { store } = this.#options
    const revision = await documentRevision(store)
    if (revision === this.#revision) return
    const { all } = await readExperiments(store)
    const running = all.find(({ state }) => state === 'running')
    this.#known = running && (await this.#variants(running))
    this.#studied = all.filter(({ state }) => state === 'running' || state === 'ended')
    this.#revision = revision
    this.#turn()
  }

  async #variants(experiment: StoredExperiment): Promise<Variants> {
    const { store } = this.#options
    const books = await Promise.all(
      experiment.arms.map(({ version, stopped }) =>
        version === undefined || stopped ? undefined : rulebookVersion(store, version),
      ),
    )
    return { experiment, books }
  }
}
