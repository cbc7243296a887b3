/** Keeps one process on the current rulebook, whoever publishes the next. */

import type { PublishedRulebook, RulebookInput } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { RULEBOOK_POLL_MS } from './limits.ts'
import { ensureRulebook, rulebookAt, rulebookHead, UnreadableRulebook } from './rulebooks.ts'

export interface RulebookWatch {
  /** The newest book this process could read. */
  current(): PublishedRulebook
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
  let seen = headOf(current)
  let asking = false
  let stopped = false
  let failing = false
  onChange(current)

  const ask = async (): Promise<void> => {
    const head = await rulebookHead(store)
    // Nothing stored is a Redis that lost its data; the rules that were in force stay.
    if (head === undefined || head === seen || stopped) return
    try {
      const next = await rulebookAt(store, head)
      if (stopped) return
      current = next
      seen = head
    } catch (error) {
      // It will not become readable by asking again, so it is reported once.
      if (error instanceof UnreadableRulebook) seen = head
      throw error
    }
    onChange(current)
  }

  const stopTimer = clock.every(RULEBOOK_POLL_MS, () => {
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
    current: () => current,
    stop: () => {
      stopped = true
      stopTimer()
    },
  }
}

/** As it stands in Redis: the time tells two versions of one number apart, should Redis have lost one. */
const headOf = ({ version, publishedAtMs }: PublishedRulebook): string =>
  `${version} ${publishedAtMs}`
