/** The pulse: a gateway's tick in one room, one script call in the room's slot. */

import { ACTIONS, type Action } from '../../shared/receipt.ts'
import type { BoardLine, CampaignView, CommentLine } from '../../shared/room-state.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { assert, randomId } from '../kernel/index.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { compileHeat, decodeCues, decodeMoments, keysOfRoom, packHeat } from '../rooms/index.ts'
import { taskKeysOf, taskView } from '../tasks/index.ts'
import source from './pulse.lua'
import {
  ACTORS_PER_PULSE,
  BOARD_PER_PULSE,
  BOARD_PLACES,
  COMMENTS_PER_PULSE,
  HOST_BOARD_PLACES,
  type PulseInput,
  type PulseResult,
  type PulseRules,
} from './pulse-message.ts'

const ROW = { board: 1, comment: 2, actor: 3 } as const

const script = defineScript({
  name: 'scoring.pulse',
  source,
  keys: [
    'head',
    'moments',
    'heat',
    'actors',
    'gateways',
    'pulses',
    'board',
    'names',
    'comments',
    'cues',
    'queue',
    'runs',
    'won',
  ],
  args: {
    now_ms: 'int',
    gateway: 'int',
    incarnation: 'str',
    sequence: 'int',
    live: 'int',
    weight: 'int',
    by_action: 'bin',
    audience: 'int',
    issued: 'int',
    epoch: 'str',
    fresh_epoch: 'str',
    after_seq: 'int',
    after_comment: 'int',
    board: 'int',
    places: 'int',
    host: 'int',
    rulebook: 'int',
    heat: 'bin',
  },
  each: { keys: [], args: { kind: 'int', account: 'str', number: 'int', text: 'str' } },
  replies: {
    ok: {
      epoch: 'str',
      seq: 'int',
      now_ms: 'int',
      live: 'int',
      state: 'str',
      started_ms: 'int',
      heat: 'int',
      level: 'int',
      level_since_ms: 'int',
      held: 'int',
      shares: 'bin',
      audience: 'int',
      actors: 'int',
      issued: 'int',
      safe: 'int',
      repeated: 'int',
      resync: 'int',
      board_version: 'int',
      board: 'list',
      comments: 'list',
      tasks: 'list',
      campaigns: 'list',
      moments: 'list',
      cues: 'list',
    },
    room_not_found: {},
  },
})

const rulesOf = new WeakMap<PublishedRulebook, PulseRules>()

export function pulseRules(published: PublishedRulebook): PulseRules {
  const known = rulesOf.get(published)
  if (known) return known
  const rules = { version: published.version, heat: packHeat(compileHeat(published.book.heat)) }
  rulesOf.set(published, rules)
  return rules
}

/** Sends one pulse; undefined where there is no such room. */
export async function pulse(store: Store, input: PulseInput): Promise<PulseResult | undefined> {
  assert(input.board.length <= BOARD_PER_PULSE, 'too many board updates in one pulse')
  assert(input.comments.length <= COMMENTS_PER_PULSE, 'too many comments in one pulse')
  const { room: _, spotlit: _s, liked: _l, reached: _r, ...roomKeys } = keysOfRoom(input.room)
  const { cursor } = input
  const reply = await script.run(store, {
    keys: { ...roomKeys, ...taskKeysOf(input.room) },
    args: {
      now_ms: scriptNow(input.nowMs),
      gateway: input.gateway,
      incarnation: input.incarnation,
      sequence: input.sequence,
      live: input.live,
      weight: input.weight,
      by_action: packByAction(input.byAction),
      audience: input.audience,
      issued: input.issued,
      epoch: cursor.epoch,
      fresh_epoch: randomId(8),
      after_seq: cursor.seq,
      after_comment: cursor.comment,
      board: knownBoard(input),
      places: placesFor(input),
      host: input.host ? 1 : 0,
      rulebook: input.rules.version,
      heat: input.rules.heat,
    },
    each: rows(input).map((args) => ({ keys: {}, args })),
  })
  return reply.tag === 'ok' ? decode(reply, input) : undefined
}

const placesFor = (input: PulseInput): number => (input.host ? HOST_BOARD_PLACES : BOARD_PLACES)

/** Versions are never negative: a host who comes later gets the longer board at once. */
const knownBoard = (input: PulseInput): number =>
  input.cursor.places >= placesFor(input) ? input.cursor.board : -1

function rows(input: PulseInput) {
  return [
    ...input.board.map((line) => ({
      kind: ROW.board,
      account: line.account,
      number: line.points,
      text: `${line.rung}:${line.name}`,
    })),
    ...input.comments.map(({ account, line }) => ({
      kind: ROW.comment,
      account,
      number: 0,
      text: JSON.stringify(line).slice(1),
    })),
    ...input.actors
      .slice(0, ACTORS_PER_PULSE)
      .map((account) => ({ kind: ROW.actor, account, number: 0, text: '' })),
  ]
}

function packByAction(byAction: PulseInput['byAction']): Buffer {
  const packed = Buffer.alloc(5 * byAction.length)
  byAction.forEach(([action, weight], i) => {
    packed.writeUInt8(ACTIONS[action], 5 * i)
    packed.writeUInt32BE(weight, 5 * i + 1)
  })
  return packed
}

const actionOfNumber = new Map<number, Action>(
  (Object.entries(ACTIONS) as [Action, number][]).map(([action, no]) => [no, action]),
)

function unpackShares(packed: Buffer): [Action, number][] {
  const shares: [Action, number][] = []
  for (let at = 0; at + 5 <= packed.length; at += 5) {
    const action = actionOfNumber.get(packed.readUInt8(at))
    if (action) shares.push([action, packed.readUInt32BE(at + 1)])
  }
  return shares
}

type List = (Buffer | number | null)[]
type Ok = Extract<Awaited<ReturnType<typeof script.run>>, { tag: 'ok' }>

function decode(reply: Ok, input: PulseInput): PulseResult {
  const comments = reply.comments.map((json) => JSON.parse(String(json)) as CommentLine).reverse()
  const moments = reply.resync === 1 ? undefined : decodeMoments(reply.moments)
  const sameEpoch = reply.epoch === input.cursor.epoch
  const boardChanged = !sameEpoch || reply.board_version !== knownBoard(input)
  const held = reply.held === 1 ? 'actors' : reply.held === 2 ? 'dwell' : undefined
  return {
    epoch: reply.epoch,
    seq: reply.seq,
    atMs: reply.now_ms,
    live: {
      no: reply.live,
      state: reply.state === 'open' || reply.state === 'ending' ? reply.state : 'ended',
      startedAtMs: reply.started_ms,
    },
    heat: {
      milli: reply.heat,
      level: reply.level,
      levelSinceMs: reply.level_since_ms,
      ...(held && { held }),
      shares: unpackShares(reply.shares),
    },
    audience: reply.audience,
    actors: reply.actors,
    issued: reply.issued,
    safe: reply.safe === 1,
    repeated: reply.repeated === 1,
    ...(boardChanged && { board: boardLines(reply.board) }),
    comments,
    tasks: pairs(reply.tasks).map(([json, won]) => taskView(String(json), Number(won))),
    campaigns: pairs(reply.campaigns).map(([json]) => JSON.parse(String(json)) as CampaignView),
    ...(moments && { moments }),
    ...(input.host && { cues: decodeCues(reply.cues) }),
    cursor: {
      epoch: reply.epoch,
      // Of more than a hundred moments the rest comes with the next pulse.
      seq: moments ? (moments.at(-1)?.seq ?? input.cursor.seq) : reply.seq,
      comment: comments.at(-1)?.id ?? (sameEpoch ? input.cursor.comment : 0),
      board: reply.board_version,
      places: boardChanged ? placesFor(input) : input.cursor.places,
    },
  }
}

function pairs(list: List): [unknown, unknown][] {
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i], list[2 * i + 1]])
}

function boardLines(list: List): BoardLine[] {
  return Array.from({ length: list.length / 3 }, (_, i) => {
    const shown = String(list[3 * i + 2])
    const colon = shown.indexOf(':')
    return {
      handle: String(list[3 * i]),
      name: shown.slice(colon + 1),
      rung: Number(shown.slice(0, colon)),
      points: Number(list[3 * i + 1]),
    }
  })
}
