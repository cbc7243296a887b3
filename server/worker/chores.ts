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
  TEAMS_PASS_MS,
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

type Run = Chore['run']
const doneBy =
  (by: Chore['by']) =>
  (everyMs: number, waits: string, run: Run): Chore => ({ by, everyMs, waits, run })
const [first, each] = [doneBy('first'), doneBy('each')]

export function choresOf(
  deps: WorkerDeps,
  endings: ReturnType<typeof createEndings>,
  { show }: Pick<EconomyMetrics, 'show'>,
): Chore[] {
  const { store, partitions, clock, games, boards, clubs, teams, targeting, merges, anchors } = deps
  const walk = new ArchiveWalk([deps.dataDir], deps.log)
  const overdue = createOverdue({ ...deps, resolvers: deps.resolvers ?? {} })
  const closing = createClosing({ ...deps, ...economyOf(deps), roomOf: rememberRooms(store), show })
  const indexed: Run = (slot) => walk.indexClosed(partitions.slots.indexOf(slot))
  return [
    first(ENDINGS_MS, 'lives cannot be finished', () => endings.pass()),
    each(OVERDUE_MS, 'overdue holds wait', overdue),
    each(INDEX_MS, 'segments are not indexed', indexed),
    each(MONTHS_MS, 'points of a month wait', createMonths(deps)),
    first(CLOSING_MS, 'days of the economy wait', closing),
    first(KEY_MOMENTS_MS, 'key moments do not begin', createKeyMoments(deps)),
    each(MONTHS_MS, 'tiers are not looked at', createDemotions(deps)),
    games && first(GAMES_MS, 'draws and votes cannot be ended', () => games.pass()),
    boards && first(BOARDS_PASS_MS, 'weekly boards wait', () => boards.pass()),
    clubs && each(CLUBS_PASS_MS, 'rungs and tasks of fan clubs wait', (slot) => clubs.pass(slot)),
    teams && each(TEAMS_PASS_MS, 'teams wait', (slot) => teams.pass(slot)),
    targeting && each(TARGETING_PASS_MS, 'offers and packs wait', (slot) => targeting.pass(slot)),
    merges && first(MERGES_MS, 'merges cannot go on', () => merges.pass()),
    anchors &&
      first(
        ANCHOR_CHECK_MS,
        'the archive cannot be anchored',
        createAnchoring(anchors, { ...deps, nowMs: () => clock.now() }),
      ),
  ].filter((chore) => chore !== undefined)
}
