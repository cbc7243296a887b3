/** Tier-ups on their way to the room: the moment for everybody, the cue for the host. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { Cue } from '../../shared/protocol/events.ts'
import type { Announcement } from '../../shared/rulebook/announcement.ts'
import { assert } from '../kernel/index.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import cueSource from './cue.lua'
import { keysOfRoom } from './keys.ts'
import { CUES_SHOWN, TIERS_REACHED_PER_CALL } from './limits.ts'
import { noRoom } from './room.ts'
import reachedSource from './tiers-reached.lua'

const reachedScript = defineScript({
  name: 'rooms.tiers-reached',
  source: reachedSource,
  keys: ['head', 'moments', 'cues', 'queue', 'reached'],
  args: { now_ms: 'int', tells_room: 'int', asks_host: 'int' },
  each: {
    keys: [],
    args: {
      account: 'str',
      ladder: 'str',
      rung: 'int',
      promotion: 'int',
      name: 'str',
      handle: 'str',
    },
  },
  replies: { ok: { fresh: 'int', moments: 'list' }, room_not_found: {} },
})

export interface TierReached {
  account: string
  ladder: string
  rung: number
  /** How many promotions the account had with this one; makes the tier-up unique. */
  promotion: number
  /** By which a client recognises itself. */
  handle: string
  /** Absent for who does not want to be named. */
  name?: string
}

export type ReachedAnswer =
  | {
      ok: true
      /** Tier-ups that were new to the room. */
      fresh: number
      /** Numbers of the moments written, one per ladder and rung. */
      moments: number[]
    }
  | Refusal

export interface TiersReached {
  room: string
  reached: readonly TierReached[]
  announcement: Announcement
  nowMs?: number
}

/**
 * Tells the room of tier-ups from the journal, at most 1,000 in a call; repeats change nothing. One moment per
 * ladder and rung and call: a caller with many collects them for a second or two first.
 */
export async function tiersReached(
  store: Store,
  { room, reached, announcement, nowMs }: TiersReached,
): Promise<ReachedAnswer> {
  assert(reached.length <= TIERS_REACHED_PER_CALL, 'too many tier-ups in one call')
  // A ladder's id stands in the moment's JSON and in the cue's record as it is.
  for (const { ladder } of reached) assert(isId(ladder), 'a ladder id is an id')
  const { head, moments, cues, queue, reached: told } = keysOfRoom(room)
  const reply = await reachedScript.run(store, {
    keys: { head, moments, cues, queue, reached: told },
    args: {
      now_ms: scriptNow(nowMs),
      tells_room: announcement === 'hostApprove' ? 0 : 1,
      asks_host: announcement === 'auto' ? 0 : 1,
    },
    each: reached.map((one) => ({
      keys: {},
      args: {
        account: one.account,
        ladder: one.ladder,
        rung: one.rung,
        promotion: one.promotion,
        name: one.name === undefined ? '' : JSON.stringify(one.name),
        handle: JSON.stringify(one.handle),
      },
    })),
  })
  if (reply.tag === 'room_not_found') return noRoom()
  return { ok: true, fresh: reply.fresh, moments: reply.moments.map(Number) }
}

const cueScript = defineScript({
  name: 'rooms.cue',
  source: cueSource,
  keys: ['head', 'moments', 'cues', 'queue'],
  args: { now_ms: 'int', verb: 'str', cue: 'str', text: 'str' },
  replies: { ok: {}, cue_gone: {} },
})

interface CueCommand {
  room: string
  cue: string
  nowMs?: number
}
type CueAnswer = { ok: true } | Refusal

async function onCue(
  store: Store,
  { room, cue, nowMs }: CueCommand,
  verb: { verb: 'hold' | 'skip' | 'announce'; text: string },
): Promise<CueAnswer> {
  const { head, moments, cues, queue } = keysOfRoom(room)
  const reply = await cueScript.run(store, {
    keys: { head, moments, cues, queue },
    args: { now_ms: scriptNow(nowMs), verb: verb.verb, cue, text: JSON.stringify(verb.text) },
  })
  return reply.tag === 'ok' ? { ok: true } : refuse('cue_gone')
}

/** Keeps the cue for later: it moves behind all others and takes in no more tier-ups. */
export const holdCue = (store: Store, command: CueCommand): Promise<CueAnswer> =>
  onCue(store, command, { verb: 'hold', text: '' })

/** Drops the cue; nothing is shown. */
export const skipCue = (store: Store, command: CueCommand): Promise<CueAnswer> =>
  onCue(store, command, { verb: 'skip', text: '' })

/** Shows the cue with the host's text on stage and overlays, once. */
export const announceCue = (
  store: Store,
  command: CueCommand & { text: string },
): Promise<CueAnswer> => onCue(store, command, { verb: 'announce', text: command.text })

/** Before the ladder of a cue that asks for a greeting; lua/cues.lua knows it too. */
const GREETING = '~'

/** Cues as scripts answer them: id and record in turn (layout in lua/cues.lua). */
export function decodeCues(list: readonly (Buffer | string | number | null)[]): Cue[] {
  const cues: Cue[] = []
  for (let i = 0; i + 1 < list.length; i += 2) {
    // Taken between the two reads.
    if (list[i + 1] === null) continue
    const [ladder = '', rung, others, sinceMs, , held, , ...names] = String(list[i + 1]).split(':')
    cues.push({
      id: String(list[i]),
      ladder: ladder.replace(GREETING, ''),
      ...(ladder.startsWith(GREETING) && { greets: true as const }),
      rung: Number(rung),
      names: JSON.parse(`[${names.join(':')}]`) as string[],
      others: Number(others),
      sinceMs: Number(sinceMs),
      held: held === '1',
    })
  }
  return cues
}

/** The first cues of the queue: not held before held, higher rung first, longest waiting first. */
export async function listCues(store: Store, room: string): Promise<Cue[]> {
  const { cues, queue } = keysOfRoom(room)
  const ids = await store.zrange(queue, 0, String(CUES_SHOWN - 1))
  if (ids.length === 0) return []
  const records = await store.hmget(cues, ...ids)
  return decodeCues(ids.flatMap((id, i) => [id, records[i] ?? null]))
}
