/** Opens a draw, blind boxes or a vote, and tells the room. */

import { createHash, randomBytes } from 'node:crypto'
import { commitmentOf, type DrawPrize } from '../../shared/draw.ts'
import type { DrawView, GameView, VoteView } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { GAMES_PER_ROOM } from '../../shared/protocol/limits.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import { defineScript } from '../redis/index.ts'
import { type EffectsDeps, nowOf } from './deps.ts'
import { type Game, type GameKind, readGame } from './game.ts'
import { askKey, gameKeysOf, playingKey, playKeysOf } from './keys.ts'
import openSource from './open-game.lua'

const openScript = defineScript({
  name: 'effects.open-game',
  source: openSource,
  keys: ['head', 'moments', 'once', 'games', 'game'],
  args: {
    now_ms: 'int',
    number: 'int',
    kind: 'str',
    open_max: 'int',
    length_ms: 'int',
    points: 'int',
    per_viewer: 'int',
    total: 'int',
    seed: 'str',
    view: 'str',
    moment: 'str',
    rest: 'str',
    hash: 'str',
  },
  replies: {
    opened: { number: 'int' },
    replayed: { number: 'int' },
    id_conflict: {},
    room_ended: {},
    room_full: {},
    room_not_found: {},
  },
})

const SEED_BYTES = 32

/** What the host opens; what a kind does not have is empty or 0. */
export interface Opening {
  room: string
  requestId: string
  seconds: number
  kind: GameKind
  title: Label
  points: number
  perViewer: number
  /** Most tickets in all; 0 for votes. */
  total: number
  prizes: DrawPrize[]
  options: Label[]
  /** Only for this rung and above; 0 is for all. */
  rung: number
  /** What the room is told beyond what every kind of game has. */
  told: (of: {
    number: number
    commitment: string
  }) => Omit<DrawView, keyof GameView> | Omit<VoteView, keyof GameView>
}

/** Opens a game once per request, and answers it as it is stored. */
export async function openGame(
  deps: EffectsDeps,
  opening: Opening,
): Promise<{ ok: true; game: Game } | Refusal> {
  const { store, clock } = deps
  const { room, kind, seconds, title, points, perViewer, total, prizes, options, rung } = opening
  const { head, moments, games } = playKeysOf(room)
  // A number that stays unused is no loss.
  const number = await store.hincrby(head, 'number', 1)
  const seed = kind === 'vote' ? '' : randomBytes(SEED_BYTES).toString('hex')
  const commitment = seed && commitmentOf(seed)
  const name = kind === 'vote' ? 'vote' : 'draw'
  const told = { title, points, perViewer, state: 'open', ...opening.told({ number, commitment }) }
  // Noted first: a draw that is open and that no worker knows of would never end.
  await store.zadd(playingKey, clock.now() + seconds * 1000, `${room}:${number}`)
  const reply = await openScript.run(store, {
    keys: {
      head,
      moments,
      games,
      once: askKey(room, opening.requestId),
      game: gameKeysOf(room, number).game,
    },
    args: {
      now_ms: nowOf(deps),
      number,
      kind,
      open_max: GAMES_PER_ROOM,
      length_ms: seconds * 1000,
      points,
      per_viewer: perViewer,
      total,
      seed,
      view: JSON.stringify({ title, prizes, options, commitment, rung }),
      moment: `{"kind":"${name}.opened","${name}":{`,
      rest: `${JSON.stringify(told).slice(1)}}`,
      hash: createHash('sha256')
        .update(JSON.stringify([kind, seconds, title, prizes, options, rung]))
        .digest('base64url'),
    },
  })
  if (reply.tag !== 'opened') await store.zrem(playingKey, `${room}:${number}`)
  if (reply.tag !== 'opened' && reply.tag !== 'replayed') return refuse(reply.tag)
  const game = await readGame(store, room, reply.number)
  return { ok: true, game: must(game, 'the game that was opened') }
}
