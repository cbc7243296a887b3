/** Plays the dry run that operators asked for, one at a time, while the worker does everything else. */

import type { DryRunAsked, DryRunProgress, DryRunReport } from '../../../shared/dry-run.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { changeDryRun, isUnderWay, type KnownJob, readDryRun } from '../../governance/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import type { Chore } from '../chores.ts'
import { endOf } from './attached.ts'
import { CHORE_MS, TOLD_EVERY_MS } from './limits.ts'

/** Throws DryRunEnded or NoScratch where there is no result. */
export type PlayDryRun = (
  of: { asked: DryRunAsked; book: Rulebook },
  how: { progress: (progress: DryRunProgress) => void; signal: AbortSignal },
) => Promise<DryRunReport>

interface Deps {
  store: Store
  clock: Clock
  log: Log
}

/** `play` is not awaited: a run takes minutes, and the worker's other duties do not wait for it. */
export function dryRunChore(deps: Deps, play: PlayDryRun): Chore {
  let playing = false
  return {
    everyMs: CHORE_MS,
    waits: 'dry runs wait',
    by: 'first',
    async run() {
      if (playing) return
      const job = await readDryRun(deps.store)
      if (!job || !isWaiting(job, deps.clock.now())) return
      const mine = await changeDryRun(deps.store, job, { state: 'running' })
      if (!mine) return
      playing = true
      void playJob(deps, play, mine)
        .catch((error: unknown) => deps.log.error({ err: error }, 'a dry run could not be told of'))
        .finally(() => {
          playing = false
        })
    },
  }
}

/** Nobody has begun it, or who has begun it is gone. */
const isWaiting = (job: KnownJob, nowMs: number): boolean =>
  job.state === 'asked' || (job.state === 'running' && !isUnderWay(job, nowMs))

async function playJob(
  { store, clock, log }: Deps,
  play: PlayDryRun,
  begun: KnownJob,
): Promise<void> {
  const ended = new AbortController()
  let job: KnownJob | undefined = begun
  let progress: DryRunProgress = { done: 0, of: 0 }
  let telling = Promise.resolve()
  // Somebody who changed it meanwhile has cancelled it, or thinks that this worker is gone.
  const tell = async () => {
    job = job && (await changeDryRun(store, job, { progress }))
    if (!job) ended.abort()
  }
  const stop = clock.every(TOLD_EVERY_MS, () => {
    telling = telling.then(tell).catch((error: unknown) => {
      log.warn({ err: error }, 'how far a dry run is could not be told')
    })
  })
  const found = await play(begun, {
    signal: ended.signal,
    progress: (next) => {
      progress = next
    },
  })
    .then((report) => ({ state: 'done' as const, report }))
    .catch((error: unknown) => {
      const { why, text } = endOf(error)
      if (why === 'failed') log.error({ text }, 'a dry run failed')
      return { state: 'ended' as const, why }
    })
    .finally(stop)
  await telling
  if (job) await changeDryRun(store, job, found)
}
