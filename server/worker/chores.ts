/** What a worker does now and then beside reading journals. */

import type { SlotTag } from '../redis/index.ts'
import { createAnchoring } from './archive/anchoring.ts'
import { ArchiveWalk } from './archive/archive-walk.ts'
import { createDemotions } from './demotions.ts'
import { type ClosingOptions, createClosing } from './economy/closing.ts'
import { cutIssuance } from './economy/cut-issuance.ts'
import type { EconomyMetrics } from './economy/metrics.ts'
import { tellingPlatform } from './economy/tell.ts'
import type { createEndings } from './endings.ts'
import { createKeyMoments } from './key-moments.ts'
import {
  ANCHOR_CHECK_MS,
  BOARDS_PASS_MS,
  CLOSING_MS,
  CLUBS_PASS_MS,
  ENDINGS_MS,
  GAMES_MS,
  INDEX_MS,
  KEY_MOMENTS_MS,
  MERGES_MS,
  MONTHS_MS,
  OVERDUE_MS,
  TARGETING_PASS_MS,
} from './limits.ts'
import { createMonths } from './months.ts'
import { createOverdue } from './overdue.ts'
import { rememberRooms } from './places.ts'
import type { WorkerDeps } from './worker.ts'

export interface Chore {
  everyMs: number
  /** For the log, where it fails. */
  waits: string
  /** By the worker of the first partition alone, or by each for its own partitions. */
  by: 'first' | 'each'
  run(slot: SlotTag): Promise<unknown>
}

/** What follows from a closed day: issuance is cut or let go, and the platform's brand hears of alarms. */
function economyOf(deps: WorkerDeps): Pick<ClosingOptions, 'onDay' | 'onAlarm'> {
  const { store, clock, rulebook, economy } = deps
  const nowMs = () => clock.now()
  return {
    onDay: (day) =>
      cutIssuance(store, day, { byAlarm: rulebook().book.issuance.byAlarm, nowMs: nowMs() }),
    ...(economy && { onAlarm: tellingPlatform(store, { brand: economy.brand, nowMs }) }),
  }
}

export function choresOf(
  deps: WorkerDeps,
  endings: ReturnType<typeof createEndings>,
  { show }: Pick<EconomyMetrics, 'show'>,
): Chore[] {
  const walk = new ArchiveWalk([deps.dataDir], deps.log)
  const chores: Chore[] = [
    {
      everyMs: ENDINGS_MS,
      waits: 'lives cannot be finished',
      by: 'first',
      run: () => endings.pass(),
    },
    {
      everyMs: OVERDUE_MS,
      waits: 'overdue holds wait',
      by: 'each',
      run: createOverdue({ ...deps, resolvers: deps.resolvers ?? {} }),
    },
    {
      everyMs: INDEX_MS,
      waits: 'segments are not indexed',
      by: 'each',
      run: (slot) => walk.indexClosed(deps.partitions.slots.indexOf(slot)),
    },
    { everyMs: MONTHS_MS, waits: 'points of a month wait', by: 'each', run: createMonths(deps) },
    {
      everyMs: CLOSING_MS,
      waits: 'days of the economy wait',
      by: 'first',
      run: createClosing({ ...deps, ...economyOf(deps), roomOf: rememberRooms(deps.store), show }),
    },
    {
      everyMs: KEY_MOMENTS_MS,
      waits: 'key moments do not begin',
      by: 'first',
      run: createKeyMoments(deps),
    },
    {
      everyMs: MONTHS_MS,
      waits: 'tiers are not looked at',
      by: 'each',
      run: createDemotions(deps),
    },
  ]
  const { games } = deps
  if (games)
    chores.push({
      everyMs: GAMES_MS,
      waits: 'draws and votes cannot be ended',
      by: 'first',
      run: () => games.pass(),
    })
  const { boards } = deps
  if (boards)
    chores.push({
      everyMs: BOARDS_PASS_MS,
      waits: 'weekly boards wait',
      by: 'first',
      run: () => boards.pass(),
    })
  const { clubs } = deps
  if (clubs)
    chores.push({
      everyMs: CLUBS_PASS_MS,
      waits: 'rungs and tasks of fan clubs wait',
      by: 'each',
      run: (slot) => clubs.pass(slot),
    })
  const { targeting } = deps
  if (targeting)
    chores.push({
      everyMs: TARGETING_PASS_MS,
      waits: 'offers and packs wait',
      by: 'each',
      run: (slot) => targeting.pass(slot),
    })
  const { merges } = deps
  if (merges)
    chores.push({
      everyMs: MERGES_MS,
      waits: 'merges cannot go on',
      by: 'first',
      run: () => merges.pass(),
    })
  if (deps.anchors)
    chores.push({
      everyMs: ANCHOR_CHECK_MS,
      waits: 'the archive cannot be anchored',
      by: 'first',
      run: createAnchoring(deps.anchors, { ...deps, nowMs: () => deps.clock.now() }),
    })
  return chores
}
