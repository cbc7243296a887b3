/** What a worker does for the experiment that runs: guards, figures, its end. Each step may be repeated. */

import {
  CONTROL,
  type Ended,
  type Ending,
  type Experiment,
  type Results,
} from '../../shared/experiments.ts'
import { currentRulebook } from '../governance/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, SlotTag, Store } from '../redis/index.ts'
import { ArmSums, figuresOf, verdictOf } from './compare.ts'
import { changeExperiments, readExperiments, type StoredExperiment } from './document.ts'
import { endedBy, withoutArms } from './experiments.ts'
import { forgetFigures, type Gathered, gatherFigures } from './figures.ts'
import { guardOf } from './guards.ts'
import { resultsKey } from './keys.ts'

export interface PassOptions {
  store: Store
  partitions: Partitions
  clock: Clock
  log: Log
  /** Of the platform's brown-out; 0 is none. */
  brownoutLevel: () => number
  /** Whether a partition has counted all of its journal up to an instant. */
  isCounted: (slot: SlotTag, atMs: number) => Promise<boolean>
  /** Called before it is written down that something ends by itself, so that no crash leaves it untold; may be repeated. */
  onStopped: (stopped: Stopped) => Promise<void>
}

/** An experiment that ends before its time, and nobody pressed a button. */
export interface Stopped {
  experiment: string
  name: string
  /** Where only this arm ends. */
  arm?: string
  why: Ending
  atMs: number
}

/** What was counted last of an experiment; undefined before the first look. */
export async function readResults(store: Store, id: string): Promise<Results | undefined> {
  const text = await store.hget(resultsKey, id)
  return text === null ? undefined : (JSON.parse(text) as Results)
}

/** Ends what is over, lets guards look, and writes down what was found. Throws where Redis cannot be reached. */
export async function passExperiments(options: PassOptions): Promise<void> {
  const { store, log, clock } = options
  const { all } = await readExperiments(store)
  const open = all.find(({ state }) => state === 'running' || state === 'ended')
  if (!open || clock.now() < (open.startsAtMs ?? 0)) return
  const over = await endOf(open, options)
  const { id, name } = open
  if (over && over.why !== 'time')
    await options.onStopped({ experiment: id, name, why: over.why, atMs: over.atMs })
  const experiment = over ? await change(store, id, (one) => endedBy(one, over)) : open
  // Before it is gathered: what is not counted yet would be missing.
  const isClosed = experiment.state === 'ended' && (await isCountedToEnd(experiment, options))
  const gathered = await gatherFigures(options, experiment)
  const pointValueFen = await pointValue(store)
  const found = resultsOf(experiment, gathered, {
    ...{ pointValueFen, atMs: clock.now(), before: await readResults(store, id) },
  })
  await store.hset(resultsKey, experiment.id, JSON.stringify(found))
  if (isClosed) {
    await change(store, id, (one) => ({ ...one, state: 'done' }))
    await forgetFigures(options, id)
    log.info({ experiment: id, why: experiment.ended?.why }, 'an experiment is done')
  } else if (experiment.state === 'running') {
    const stopped = guarded(experiment, gathered, { pointValueFen, atMs: clock.now() })
    if (stopped.size === 0) return
    for (const [arm, { why, atMs }] of stopped)
      await options.onStopped({ experiment: id, name, arm, why, atMs })
    await change(store, id, (one) => withoutArms(one, stopped))
    for (const [arm, { why }] of stopped)
      log.warn({ experiment: id, arm, why }, 'a guard has ended an arm of an experiment')
  }
}

/** Why the whole experiment is over; undefined while it is not. */
async function endOf(
  { state, base, endsAtMs = 0 }: StoredExperiment,
  { store, clock, brownoutLevel }: PassOptions,
): Promise<Ended | undefined> {
  if (state !== 'running') return undefined
  const nowMs = clock.now()
  if (nowMs >= endsAtMs) return { atMs: endsAtMs, why: 'time' }
  if ((await currentRulebook(store))?.version !== base) return { atMs: nowMs, why: 'rulebook' }
  // Awards that shrink for everybody say nothing of the arms any more, and there is no room for their points.
  return brownoutLevel() > 0 ? { atMs: nowMs, why: 'brownout' } : undefined
}

async function isCountedToEnd(
  { ended }: StoredExperiment,
  { partitions, isCounted }: PassOptions,
): Promise<boolean> {
  for (const slot of partitions.slots) if (!(await isCounted(slot, ended?.atMs ?? 0))) return false
  return true
}

const pointValue = async (store: Store): Promise<number> =>
  (await currentRulebook(store))?.book.pointValueFen ?? 1

function guarded(
  { arms, guards }: StoredExperiment,
  gathered: Gathered,
  { pointValueFen, atMs }: { pointValueFen: number; atMs: number },
): Map<string, Ended> {
  const stopped = new Map<string, Ended>()
  for (const { id, stopped: before } of arms) {
    const sums = gathered.arms.get(id)
    const why = sums && !before ? guardOf(sums, guards, pointValueFen) : undefined
    if (why) stopped.set(id, { atMs, why })
  }
  return stopped
}

/** An arm that was stopped keeps the figures that it had then; whoever was in it plays as everybody since. */
function resultsOf(
  { arms, unit, goal, ended }: Experiment,
  gathered: Gathered,
  of: { pointValueFen: number; atMs: number; before: Results | undefined },
): Results {
  const { pointValueFen, atMs, before } = of
  const isComplete = ended?.why === 'time'
  const comparing = {
    pointValueFen,
    arms: arms.length,
    isComplete: isComplete && unit === 'account',
  }
  const sums = (id: string): ArmSums => gathered.arms.get(id) ?? new ArmSums()
  const control = sums(CONTROL)
  const verdicts: Results['verdicts'] = {}
  const figures = [figuresOf(CONTROL, { arm: control }, comparing)]
  for (const { id, stopped } of arms) {
    const kept = stopped && before?.arms.find((arm) => arm.id === id)
    const found = kept || figuresOf(id, { arm: sums(id), control }, comparing)
    figures.push(found)
    if (stopped || (ended && !isComplete)) verdicts[id] = 'early'
    else if (!ended) verdicts[id] = 'waits'
    else verdicts[id] = unit === 'room' ? 'pilot' : verdictOf(found, goal)
  }
  return { atMs, full: gathered.full, arms: figures, verdicts }
}

/** As it stands by now; an experiment that is gone stays as it was. */
function change(
  store: Store,
  id: string,
  to: (one: StoredExperiment) => StoredExperiment,
): Promise<StoredExperiment> {
  return changeExperiments(store, async (all) => {
    const found = all.find((one) => one.id === id)
    if (!found) throw new Error(`experiment ${id} is gone`)
    const next = to(found)
    return { all: all.map((one) => (one === found ? next : one)), answer: next }
  })
}
