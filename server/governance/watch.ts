/** Keeps one process on the current rulebook, whoever publishes the next. */

import type { PublishedRulebook, RulebookInput } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { RULEBOOK_POLL_MS } from './limits.ts'
import { ensureRulebook } from './publish.ts'
import { rulebookAt, rulebookHead, UnreadableRulebook } from './rulebooks.ts'
import { type Step, stepsOf } from './timeline.ts'

export interface RulebookWatch {
  /** The book that holds by this process's clock, which is that of Redis; of those it could read. */
  current(): PublishedRulebook
  /** Scheduled ones, in order. */
  coming(): readonly PublishedRulebook[]
  stop(): void
}

export interface RulebookWatcher {
  /** Becomes version 1 where there is no book yet; the default preset where it is absent. */
  first?: RulebookInput
  /** Called with the book at the start and with each later one, before `current` is asked again. */
  onChange: (published: PublishedRulebook) => void
  /**
   * A reading failed, or a newer book cannot be read by this release; the book before stays in force. Called
   * once until a reading succeeds.
   */
  onError?: (error: unknown) => void
}

/**
 * Resolves when `onChange` has had the current book, which is the first one where there was none. Then
 * every change in Redis arrives within a second. Rejects where Redis cannot be reached or its book not be read:
 * a process that does not know the rules must not start.
 */
export async function watchRulebook(
  store: Store,
  clock: Clock,
  { first, onChange, onError }: RulebookWatcher,
): Promise<RulebookWatch> {
  let current = await ensureRulebook(store, first)
  let coming: PublishedRulebook[] = []
  let seen: string | undefined
  let asking = false
  let stopped = false
  let failing = false

  /** By the clock, so every process turns at the same instant and nobody has to be reached for it. */
  const turn = (): void => {
    while (startOf(coming[0]) <= clock.now()) {
      current = coming.shift() ?? current
      onChange(current)
    }
  }

  const ask = async (): Promise<void> => {
    const head = await rulebookHead(store)
    // Nothing stored is a Redis that lost its data; the rules that were in force stay.
    if (head === undefined || head === seen || stopped) return
    const { books, problem } = await readSteps(store, stepsOf(head, clock.now()))
    if (stopped) return
    seen = head
    const [holds = current, ...later] = books
    coming = later
    if (headOf(holds) !== headOf(current)) {
      current = holds
      onChange(current)
    }
    if (problem) throw problem
  }
  onChange(current)
  await ask()

  const stopTimer = clock.every(RULEBOOK_POLL_MS, () => {
    turn()
    if (asking) return
    asking = true
    ask()
      .then(() => {
        failing = false
      })
      .catch((error: unknown) => {
        // Redis down for a minute is one report, not a hundred and fifty.
        if (!failing) onError?.(error)
        failing = true
      })
      .finally(() => {
        asking = false
      })
  })
  return {
    current: () => {
      if (coming.length > 0) turn()
      return current
    },
    coming: () => coming,
    stop: () => {
      stopped = true
      stopTimer()
    },
  }
}

/** In order, up to one that this release cannot read: what follows was made from it. */
async function readSteps(
  store: Store,
  steps: readonly Step[],
): Promise<{ books: PublishedRulebook[]; problem?: UnreadableRulebook }> {
  const books: PublishedRulebook[] = []
  for (const { version } of steps) {
    try {
      books.push(await rulebookAt(store, version))
    } catch (error) {
      // It will not become readable by asking again, so it is reported once.
      if (error instanceof UnreadableRulebook) return { books, problem: error }
      throw error
    }
  }
  return { books }
}

/** When it begins; never, where there is none. */
const startOf = (scheduled: PublishedRulebook | undefined): number =>
  scheduled ? (scheduled.effectiveAtMs ?? 0) : Number.POSITIVE_INFINITY

/** The time tells two versions of one number apart, should Redis have lost one. */
const headOf = ({ version, publishedAtMs }: PublishedRulebook): string =>
  `${version} ${publishedAtMs}`
