/** Tasks that a host writes for the own club: within what those of a day and the live may promise. */

import { createHash } from 'node:crypto'
import type { ClubAction, ClubTaskView } from '../../shared/clubs.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import { dayBounds } from '../../shared/time.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { type ClubPlace, type ClubsDeps, nowOf } from './deps.ts'
import endSource from './end-task.lua'
import { onceKey, placesKey, taskKeysOf } from './keys.ts'
import {
  PLACE_LATE_MS,
  PLACES_KEPT_MS,
  TASK_KEPT_MS,
  TASK_LEAD_MS,
  TASKS_RUNNING_MAX,
} from './limits.ts'
import startSource from './start-task.lua'
import takeSource from './take-place.lua'

const startScript = defineScript({
  name: 'clubs.start_task',
  source: startSource,
  keys: ['tasks', 'won', 'once'],
  args: {
    now_ms: 'int',
    hash: 'str',
    day: 'int',
    late_ms: 'int',
    kept_ms: 'int',
    lead_ms: 'int',
    length_ms: 'int',
    running_max: 'int',
    cost: 'int',
    budget: 'int',
    rest: 'str',
  },
  replies: {
    ok: { now_ms: 'int', json: 'str' },
    replayed: { now_ms: 'int', json: 'str' },
    id_conflict: {},
    room_full: {},
    over: { left: 'int' },
  },
})

const endScript = defineScript({
  name: 'clubs.end_task',
  source: endSource,
  keys: ['tasks'],
  args: { now_ms: 'int', task: 'int' },
  replies: { ok: {}, gone: {} },
})

const takeScript = defineScript({
  name: 'clubs.take_place',
  source: takeSource,
  keys: ['tasks', 'won', 'places'],
  args: {
    now_ms: 'int',
    task: 'int',
    account: 'str',
    reached_ms: 'int',
    late_ms: 'int',
    kept_ms: 'int',
  },
  replies: { place: { rank: 'int' } },
})

/** As it stands in Redis. */
export interface ClubTask extends Omit<ClubTaskView, 'left'> {
  /** Day of the platform on which it was written. */
  day: number
  brandNo: number
  /** Whose points it pays. */
  issuer: number
}

export interface NewTask {
  requestId: string
  action: ClubAction
  goal: number
  points: number
  places: number
  minutes: number
}

const MINUTE_MS = 60_000

const timeOf = ({ nowMs }: Pick<ClubsDeps, 'nowMs'>) => scriptNow(nowMs?.())

/** Starts a task by the clock of the host's slot, once per request. */
export async function startTask(
  deps: ClubsDeps,
  { club, room, live, brandNo, issuer }: ClubPlace,
  { requestId, minutes, ...asked }: NewTask,
): Promise<{ ok: true; task: ClubTaskView } | Refusal> {
  const { store, rulebook } = deps
  const { fanClub, timeZone, budget } = rulebook().book
  if (!fanClub || fanClub.taskPoints === 0)
    return refuse('club_limit', { field: 'points', have: 0 })
  const cost = asked.points * asked.places
  const rest = JSON.stringify({ ...asked, brandNo, issuer }).slice(1)
  const hash = createHash('sha256').update(`${minutes} ${rest}`).digest('base64url')
  const bounds = budget && live > 0
  if (bounds && !(await deps.lease({ room, live, id: requestId, points: cost })))
    return refuse('club_limit', { field: 'budget' })
  const reply = await startScript.run(store, {
    keys: { ...taskKeysOf(club), once: onceKey(club, requestId) },
    args: {
      now_ms: timeOf(deps),
      hash,
      day: dayBounds(nowOf(deps), timeZone).day,
      late_ms: PLACE_LATE_MS,
      kept_ms: TASK_KEPT_MS,
      lead_ms: TASK_LEAD_MS,
      length_ms: minutes * MINUTE_MS,
      running_max: TASKS_RUNNING_MAX,
      cost,
      budget: fanClub.taskPoints,
      rest,
    },
  })
  if (reply.tag === 'over') return refuse('club_limit', { field: 'points', have: reply.left })
  if (reply.tag === 'ok' || reply.tag === 'replayed')
    return { ok: true, task: taskView(JSON.parse(reply.json) as ClubTask) }
  return refuse(reply.tag)
}

/** Ends a task now; what was reached before is paid. */
export async function endTask(
  deps: Pick<ClubsDeps, 'store' | 'nowMs'>,
  { club, task }: { club: number; task: number },
): Promise<{ ok: true } | Refusal> {
  const { tasks } = taskKeysOf(club)
  const reply = await endScript.run(deps.store, {
    keys: { tasks },
    args: { now_ms: timeOf(deps), task },
  })
  return reply.tag === 'ok' ? { ok: true } : refuse('task_closed')
}

/** Above 0 a place, 0 none is left, below it came too late. Asking again answers the same. */
export async function takePlace(
  deps: Pick<ClubsDeps, 'store' | 'nowMs'>,
  of: { club: number; task: number; account: number; reachedAtMs: number },
): Promise<number> {
  const { club, task, account, reachedAtMs } = of
  const { rank } = await takeScript.run(deps.store, {
    keys: { ...taskKeysOf(club), places: placesKey(club, task) },
    args: {
      now_ms: timeOf(deps),
      task,
      account: formatAccount(account),
      reached_ms: reachedAtMs,
      late_ms: PLACE_LATE_MS,
      kept_ms: PLACES_KEPT_MS,
    },
  })
  return rank
}

/** All that are kept, the oldest first. */
export async function readTasks(store: Store, club: number): Promise<ClubTask[]> {
  const { '#': _, ...all } = await store.hgetall(taskKeysOf(club).tasks)
  return Object.values(all)
    .map((json) => JSON.parse(json) as ClubTask)
    .sort((a, b) => a.task - b.task)
}

/** Places taken, by task. */
export const readWon = (store: Store, club: number): Promise<Record<string, string>> =>
  store.hgetall(taskKeysOf(club).won)

export function taskView(
  { brandNo: _, issuer: __, day: ___, ...task }: ClubTask,
  won = 0,
): ClubTaskView {
  return { ...task, left: Math.max(0, task.places - won) }
}

/** Points that the tasks of a day may still promise, as start-task.lua counts: one that is over counts what it paid. */
export function pointsLeft(
  tasks: readonly ClubTask[],
  won: Record<string, string>,
  of: { budget: number; day: number; nowMs: number },
): number {
  const promised = tasks
    .filter(({ day }) => day === of.day)
    .map(({ task, points, places, endsAtMs }) =>
      of.nowMs > endsAtMs + PLACE_LATE_MS ? points * Number(won[task] ?? 0) : points * places,
    )
  return Math.max(0, of.budget - promised.reduce((sum, points) => sum + points, 0))
}

/** Whether the account has a place of each task. */
export async function hasPlace(
  store: Store,
  of: { club: number; account: number; tasks: readonly number[] },
): Promise<ReadonlySet<number>> {
  const handle = formatAccount(of.account)
  const found = await Promise.all(
    of.tasks.map((task) => store.hget(placesKey(of.club, task), handle)),
  )
  return new Set(of.tasks.filter((_, i) => found[i] !== null))
}
