/** Countdown tasks and campaigns of a room: start and end. */

import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { ONE } from '../../shared/points.ts'
import {
  CAMPAIGNS_PER_ROOM,
  type hostCommands,
  TASKS_PER_ROOM,
} from '../../shared/protocol/host.ts'
import type { CampaignView, TaskView } from '../../shared/room-state.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import endSource from './end.lua'
import { onceKey, taskKeysOf } from './keys.ts'
import startSource from './start.lua'

const startScript = defineScript({
  name: 'tasks.start',
  source: startSource,
  keys: ['head', 'moments', 'runs', 'won', 'once'],
  args: {
    now_ms: 'int',
    kind: 'str',
    running_max: 'int',
    length_ms: 'int',
    places: 'int',
    rest: 'str',
    hash: 'str',
  },
  replies: {
    ok: { json: 'str' },
    replayed: { json: 'str' },
    id_conflict: {},
    room_ended: {},
    room_full: {},
    room_not_found: {},
  },
})

const endScript = defineScript({
  name: 'tasks.end',
  source: endSource,
  keys: ['head', 'moments', 'runs', 'won'],
  args: { now_ms: 'int', kind: 'str', number: 'int' },
  replies: { ok: {}, gone: {} },
})

interface InRoom {
  room: string
  nowMs?: number
}
type Input<N extends 'task.start' | 'campaign.start'> = z.output<(typeof hostCommands)[N]['input']>

interface Start extends InRoom {
  kind: 'task' | 'campaign'
  requestId: string
  seconds: number
  max: number
  places: number
  /** The view without number and times, which the script adds. */
  view: object
}

async function start(store: Store, s: Start): Promise<{ json: string } | Refusal> {
  const rest = JSON.stringify(s.view).slice(1)
  const hash = createHash('sha256').update(`${s.kind} ${s.seconds} ${rest}`).digest('base64url')
  const reply = await startScript.run(store, {
    keys: { ...taskKeysOf(s.room), once: onceKey(s.room, s.requestId) },
    args: {
      now_ms: scriptNow(s.nowMs),
      kind: s.kind,
      running_max: s.max,
      length_ms: s.seconds * 1000,
      places: s.places,
      rest,
      hash,
    },
  })
  return reply.tag === 'ok' || reply.tag === 'replayed' ? { json: reply.json } : refuse(reply.tag)
}

/** Starts a countdown task by the clock of the room's slot; the same `requestId` answers the same task for 24 h. */
export async function startTask(
  store: Store,
  { room, nowMs, ...input }: InRoom & Input<'task.start'>,
): Promise<{ ok: true; task: TaskView } | Refusal> {
  const { requestId, seconds, quota, action, goal, points, growth, title } = input
  const started = await start(store, {
    room,
    ...(nowMs !== undefined && { nowMs }),
    kind: 'task',
    requestId,
    seconds,
    max: TASKS_PER_ROOM,
    places: quota ?? 0,
    view: { action, goal, points, growth, title, ...(quota !== undefined && { quota }) },
  })
  return 'json' in started ? { ok: true, task: taskView(started.json, 0) } : started
}

const inThousandths = (factor: number): number => Math.round(factor * ONE)

/** As scripts keep and everybody sees it: what weighs most is its factor. */
function campaignPart({ action, factor = 1, weights }: Input<'campaign.start'>) {
  if (!weights) return { action, factor: inThousandths(factor) }
  const milli = Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, inThousandths(weight)]),
  )
  return { action, factor: Math.max(...Object.values(milli)), weights: milli }
}

/** Multiplies an action, or weighs some, for some minutes; the same `requestId` answers the same campaign for 24 h. */
export async function startCampaign(
  store: Store,
  { room, nowMs, ...input }: InRoom & Input<'campaign.start'>,
): Promise<{ ok: true; campaign: CampaignView } | Refusal> {
  const { requestId, seconds, title } = input
  const started = await start(store, {
    room,
    ...(nowMs !== undefined && { nowMs }),
    kind: 'campaign',
    requestId,
    seconds,
    max: CAMPAIGNS_PER_ROOM,
    places: 0,
    view: { ...campaignPart(input), title },
  })
  return 'json' in started
    ? { ok: true, campaign: JSON.parse(started.json) as CampaignView }
    : started
}

async function end(
  store: Store,
  { room, nowMs }: InRoom,
  run: { kind: 'task' | 'campaign'; number: number },
): Promise<boolean> {
  const reply = await endScript.run(store, {
    keys: taskKeysOf(room),
    args: { now_ms: scriptNow(nowMs), ...run },
  })
  return reply.tag === 'ok'
}

/** Ends a task now; what was reached before stays paid. */
export async function endTask(
  store: Store,
  input: InRoom & { task: number },
): Promise<{ ok: true } | Refusal> {
  const ended = await end(store, input, { kind: 'task', number: input.task })
  return ended ? { ok: true } : refuse('task_closed')
}

/** Ends a campaign now. */
export async function endCampaign(
  store: Store,
  input: InRoom & { campaign: number },
): Promise<{ ok: true } | Refusal> {
  const ended = await end(store, input, { kind: 'campaign', number: input.campaign })
  return ended ? { ok: true } : refuse('not_found')
}

/** A task as scripts keep it, with the places that are left. */
export function taskView(json: string, won: number): TaskView {
  const view = JSON.parse(json) as TaskView
  return view.quota === undefined ? view : { ...view, left: Math.max(0, view.quota - won) }
}
