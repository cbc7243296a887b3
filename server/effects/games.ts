/** Draws, blind boxes and votes: opening, taking part, and how they stand. */

import { createHash, randomBytes } from 'node:crypto'
import { boxOf, commitmentOf, type DrawPrize, ODDS_WHOLE, type Win } from '../../shared/draw.ts'
import type { DrawView, Mine, VoteView } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { GAMES_PER_ROOM } from '../../shared/protocol/limits.ts'
import { countedRung, tierAsked } from '../../shared/rulebook/privileges.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { getRoom } from '../rooms/index.ts'
import { type Buyer, daysOf, type EffectsDeps, nowOf } from './deps.ts'
import enterSource from './enter.lua'
import { actKey, askKey, gameKeysOf, playingKey, playKeysOf } from './keys.ts'
import { AT_ONCE_MS, PAST_SHOWN } from './limits.ts'
import openSource from './open-game.lua'
import { type PrizeWish, payPrizes, pricePrizes, worthOf } from './prizes.ts'
import { type Acted, holdId, spend } from './spend.ts'
import stopSource from './stop-game.lua'

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

const enterScript = defineScript({
  name: 'effects.enter',
  source: enterSource,
  keys: ['head', 'act', 'game', 'entries', 'parts'],
  args: {
    now_ms: 'int',
    number: 'int',
    account: 'str',
    count: 'int',
    free: 'int',
    option: 'int',
    day: 'int',
    day_ends_ms: 'int',
  },
  replies: {
    entered: { first: 'int', bought: 'int', count: 'int', free: 'int' },
    seen: { state: 'str', bought: 'int', count: 'int', free: 'int' },
    draw_closed: {},
    limit_reached: {},
    sold_out: {},
    room_not_found: {},
  },
})

const stopScript = defineScript({
  name: 'effects.stop-game',
  source: stopSource,
  keys: ['head', 'game'],
  args: { now_ms: 'int', at_once: 'int' },
  replies: { stopped: { state: 'str', now_ms: 'int' }, missing: {} },
})

const SEED_BYTES = 32

/** How a draw is called in hashes and addresses. */
export const drawName = (room: string, game: number): string => `${room}.${game}`

type Kind = 'draw' | 'box' | 'vote'

interface Opening {
  room: string
  requestId: string
  seconds: number
  kind: Kind
  title: Label
  points: number
  perViewer: number
  /** 0 for votes. */
  total: number
  prizes: DrawPrize[]
  options: Label[]
  /** Only for this rung and above; 0 is for all. */
  rung: number
}

async function open(deps: EffectsDeps, o: Opening): Promise<{ ok: true; game: Game } | Refusal> {
  const { store } = deps
  const { head, moments, games } = playKeysOf(o.room)
  // A number that stays unused is no loss.
  const number = await store.hincrby(head, 'number', 1)
  const seed = o.kind === 'vote' ? '' : randomBytes(SEED_BYTES).toString('hex')
  const commitment = seed && commitmentOf(seed)
  const { title, prizes, options, points, perViewer, total, rung } = o
  const limits = { title, points, perViewer, state: 'open' as const }
  const shown =
    o.kind === 'vote'
      ? { ...limits, vote: number, options: options.map((label) => ({ label, votes: 0 })) }
      : {
          ...limits,
          draw: number,
          box: o.kind === 'box',
          prizes,
          total,
          tickets: 0,
          commitment,
          ...(rung > 0 && { rung }),
        }
  const name = o.kind === 'vote' ? 'vote' : 'draw'
  // Noted first: a draw that is open and that no worker knows of would never end.
  await store.zadd(playingKey, deps.clock.now() + o.seconds * 1000, `${o.room}:${number}`)
  const reply = await openScript.run(store, {
    keys: {
      head,
      moments,
      games,
      once: askKey(o.room, o.requestId),
      game: gameKeysOf(o.room, number).game,
    },
    args: {
      now_ms: nowOf(deps),
      number,
      kind: o.kind,
      open_max: GAMES_PER_ROOM,
      length_ms: o.seconds * 1000,
      points,
      per_viewer: perViewer,
      total,
      seed,
      view: JSON.stringify({ title, prizes, options, commitment, rung }),
      moment: `{"kind":"${name}.opened","${name}":{`,
      rest: `${JSON.stringify(shown).slice(1)}}`,
      hash: createHash('sha256')
        .update(JSON.stringify([o.kind, o.seconds, title, prizes, options, rung]))
        .digest('base64url'),
    },
  })
  if (reply.tag !== 'opened') await store.zrem(playingKey, `${o.room}:${number}`)
  if (reply.tag !== 'opened' && reply.tag !== 'replayed') return refuse(reply.tag)
  const game = await readGame(store, o.room, reply.number)
  return { ok: true, game: must(game, 'the game that was opened') }
}

/** Opens a draw or blind boxes with the prices and limits of the rulebook, and publishes the hash of the seed. */
export async function openDraw(
  deps: EffectsDeps,
  input: {
    room: string
    requestId: string
    box: boolean
    title: Label
    prizes: PrizeWish[]
    seconds: number
    rung?: number | undefined
  },
): Promise<{ ok: true; draw: DrawView } | Refusal> {
  const { effects, ladder } = deps.rulebook().book
  const { draw } = effects
  if (!draw) return refuse('not_on_sale')
  const { brand } = must(await getRoom(deps.store, input.room), 'the room of a draw')
  const priced = await pricePrizes(deps, { room: input.room, brand, wishes: input.prizes })
  if (!priced.ok) return priced
  const { prizes } = priced
  const { rung = 0 } = input
  if (rung >= ladder.rungs.length) return refuse('bad_request', { field: 'rung' })
  const { points, perViewer, total, prizePoints } = draw
  const parts = input.box ? total / ODDS_WHOLE : 1
  const most = prizes.reduce(
    (sum, prize) => sum + worthOf(prize) * (prize.odds ?? prize.winners ?? 0) * parts,
    0,
  )
  const largest = Math.max(...prizes.map(worthOf))
  if (most > prizePoints || largest > prizePoints)
    return refuse('limit_reached', { field: 'prizes' })
  const opened = await open(deps, {
    ...input,
    prizes,
    kind: input.box ? 'box' : 'draw',
    points,
    perViewer,
    total,
    options: [],
    rung,
  })
  return opened.ok ? { ok: true, draw: drawView(opened.game) } : opened
}

export async function openVote(
  deps: EffectsDeps,
  input: { room: string; requestId: string; title: Label; options: Label[]; seconds: number },
): Promise<{ ok: true; vote: VoteView } | Refusal> {
  const { vote } = deps.rulebook().book.effects
  if (!vote) return refuse('not_on_sale')
  const opened = await open(deps, {
    ...input,
    ...vote,
    kind: 'vote',
    total: 0,
    prizes: [],
    rung: 0,
  })
  return opened.ok ? { ok: true, vote: voteView(opened.game) } : opened
}

/** No more tickets or votes, now or where the end has come. The worker publishes the result soon after. */
export async function stopGame(
  deps: Pick<EffectsDeps, 'store' | 'clock' | 'nowMs'>,
  { room, game, atOnce }: { room: string; game: number; atOnce: boolean },
): Promise<{ state: string; atMs: number } | undefined> {
  const reply = await stopScript.run(deps.store, {
    keys: { head: playKeysOf(room).head, game: gameKeysOf(room, game).game },
    args: { now_ms: nowOf(deps), at_once: atOnce ? 1 : 0 },
  })
  if (reply.tag === 'missing') return undefined
  if (reply.state === 'closing')
    await deps.store.zadd(playingKey, 'XX', deps.clock.now(), `${room}:${game}`)
  return { state: reply.state, atMs: reply.now_ms }
}

/** The host's word that a draw or vote is over. */
export async function closeGame(
  deps: EffectsDeps,
  of: { room: string; game: number },
): Promise<{ ok: true } | Refusal> {
  const stopped = await stopGame(deps, { ...of, atOnce: true })
  return stopped ? { ok: true } : refuse('draw_closed')
}

export interface Entry {
  requestId: string
  game: number
  count: number
  free: boolean
  /** Votes only. */
  option?: number
}

export interface Entered {
  /** Number of the first ticket. */
  first: number
  mine: Mine
  /** What is in the boxes; empty for draws and votes. */
  prizes: (number | undefined)[]
}

/** Takes part: the free ticket, box or vote, or bought ones. */
export async function enterGame(
  deps: EffectsDeps,
  buyer: Buyer,
  entry: Entry,
): Promise<{ ok: true; answer: Entered } | Refusal> {
  const { room, account, brandNo, local, live } = buyer
  const game = await readGame(deps.store, room, entry.game)
  const right = game && (game.kind === 'vote') === (entry.option !== undefined)
  if (!right) return refuse('draw_closed')
  if (entry.option !== undefined && entry.option >= game.options.length)
    return refuse('bad_request', { field: 'option' })
  if (entry.free && entry.count !== 1) return refuse('bad_request', { field: 'free' })
  const lacks = tierLack(deps, buyer, game)
  if (lacks) return refuse('tier_needed', { tier: lacks })
  const id = holdId(entry.requestId)
  const act = () => take(deps, buyer, { ...entry, id, game })
  if (!entry.free)
    return spend(
      deps,
      {
        account,
        id,
        points: game.points * entry.count,
        use: 'draw',
        subject: { kind: 'game', room, game: entry.game },
        at: brandNo,
        local,
        live,
        forMs: AT_ONCE_MS,
      },
      act,
    )
  const acted = await act()
  if (!acted.ok) return acted
  await acted.pay?.()
  return { ok: true, answer: acted.answer }
}

/** What a viewer lacks for a game of members; nothing where it is open to them. */
export function tierLack(
  { rulebook }: Pick<EffectsDeps, 'rulebook'>,
  buyer: Buyer,
  { rung }: Game,
): Refusal['tier'] | undefined {
  const { ladder } = rulebook().book
  if (countedRung(ladder, 'member_draw', buyer) >= rung) return undefined
  return tierAsked(ladder, rung, buyer.growth)
}

async function take(
  deps: EffectsDeps,
  { room, handle, timeZone }: Buyer,
  { id, game, count, free, option = 0 }: Omit<Entry, 'game'> & { id: string; game: Game },
): Promise<Acted<Entered>> {
  const day = daysOf(deps, timeZone)
  const reply = await enterScript.run(deps.store, {
    keys: {
      head: playKeysOf(room).head,
      act: actKey(room, handle, id),
      ...gameKeysOf(room, game.number),
    },
    args: {
      now_ms: nowOf(deps),
      number: game.number,
      account: handle,
      count,
      free: free ? 1 : 0,
      option,
      day: day.day,
      day_ends_ms: day.endsAtMs,
    },
  })
  if (reply.tag !== 'entered' && reply.tag !== 'seen') return refuse(reply.tag)
  const entered = reply.tag === 'seen' ? readEntered(reply.state) : { first: reply.first }
  if (!entered) return refuse('hold_closed')
  if ('number' in entered) {
    const same = entered.number === game.number && entered.count === count && entered.free === free
    if (!same) return refuse('id_conflict')
  }
  const { first } = entered
  const boxes = boxesOf(room, game, { first, count })
  const wins = winsIn(boxes, { first, handle })
  return {
    ok: true,
    answer: {
      first,
      prizes: boxes,
      mine: { bought: reply.bought, count: reply.count, free: reply.free === 1 },
    },
    ...(wins.length > 0 && {
      pay: () => payPrizes(deps, { room, game: game.number, prizes: game.prizes, wins }),
    }),
  }
}

function boxesOf(room: string, game: Game, { first, count }: { first: number; count: number }) {
  if (game.kind !== 'box') return []
  const draw = drawName(room, game.number)
  return Array.from({ length: count }, (_, i) =>
    boxOf(game.seed, { draw, box: first + i, prizes: game.prizes }),
  )
}

const winsIn = (
  boxes: readonly (number | undefined)[],
  { first, handle }: { first: number; handle: string },
): Win[] =>
  boxes.flatMap((prize, i) => (prize === undefined ? [] : [{ handle, ticket: first + i, prize }]))

/** What a viewer's boxes contain; nothing where the game has none. */
export const boxWins = (
  room: string,
  game: Game,
  entry: { handle: string; first: number; count: number },
): Win[] => winsIn(boxesOf(room, game, entry), entry)

/** What an entry remembers of itself. */
export function readEntered(
  state: string,
): { number: number; count: number; free: boolean; first: number } | undefined {
  const [, number, count, free, first] = /^in:(\d+):(\d+):([01]):(\d+)$/.exec(state) ?? []
  if (first === undefined) return undefined
  return {
    number: Number(number),
    count: Number(count),
    free: free === '1',
    first: Number(first),
  }
}

/** A game as it is stored, seed included: not for clients. */
export interface Game {
  number: number
  kind: Kind
  state: 'open' | 'closing' | 'closed'
  live: number
  opensAtMs: number
  endsAtMs: number
  points: number
  perViewer: number
  total: number
  tickets: number
  title: Label
  prizes: DrawPrize[]
  options: Label[]
  /** Only for this rung and above; 0 is for all. */
  rung: number
  votes: number[]
  commitment: string
  seed: string
  /** Once closed. */
  wins: Win[]
}

export async function readGame(
  store: Store,
  room: string,
  number: number,
): Promise<Game | undefined> {
  const stored = await store.hgetall(gameKeysOf(room, number).game)
  const { kind, state } = stored
  if (kind !== 'draw' && kind !== 'box' && kind !== 'vote') return undefined
  const view = JSON.parse(stored.view ?? '{}') as Pick<
    Game,
    'title' | 'prizes' | 'options' | 'commitment'
  > & { rung?: number }
  return {
    ...view,
    rung: view.rung ?? 0,
    number,
    kind,
    state: state === 'open' || state === 'closing' ? state : 'closed',
    live: Number(stored.live),
    opensAtMs: Number(stored.opens),
    endsAtMs: Number(stored.ends),
    points: Number(stored.points),
    perViewer: Number(stored.per_viewer),
    total: Number(stored.total),
    tickets: Number(stored.tickets),
    votes: view.options.map((_, i) => Number(stored[`o${i}`] ?? 0)),
    seed: stored.seed ?? '',
    wins: JSON.parse(stored.result || '[]') as Win[],
  }
}

/** Games that run, then the newest that are over. */
export async function readGames(store: Store, room: string, past = PAST_SHOWN): Promise<Game[]> {
  const { games, past: over } = playKeysOf(room)
  const [running, closed] = await Promise.all([
    store.zrange(games, '0', '-1'),
    past > 0 ? store.zrange(over, '0', String(past - 1), 'REV') : [],
  ])
  const found = await Promise.all(
    [...running, ...closed].map((number) => readGame(store, room, Number(number))),
  )
  return found.filter((game) => game !== undefined)
}

const common = ({ title, points, perViewer, opensAtMs, endsAtMs, state }: Game) => ({
  title,
  points,
  perViewer,
  opensAtMs,
  endsAtMs,
  state,
})

export const drawView = (game: Game): DrawView => ({
  ...common(game),
  draw: game.number,
  box: game.kind === 'box',
  prizes: game.prizes,
  total: game.total,
  tickets: game.tickets,
  commitment: game.commitment,
  ...(game.rung > 0 && { rung: game.rung }),
  ...(game.state === 'closed' && { seed: game.seed }),
})

export const voteView = (game: Game): VoteView => ({
  ...common(game),
  vote: game.number,
  options: game.options.map((label, i) => ({ label, votes: game.votes[i] ?? 0 })),
})

/** The viewer's own part in a game. */
export async function readMine(
  deps: EffectsDeps,
  { room, handle, timeZone }: Buyer,
  game: Game,
): Promise<Mine> {
  const raw = await deps.store.hget(gameKeysOf(room, game.number).parts, handle)
  const [day = -1, free = 0, bought = 0] = (raw ?? '-1:0:0').split(':').map(Number)
  const { day: first, endsAtMs } = daysOf(deps, timeZone)
  const today = (deps.nowMs?.() ?? deps.clock.now()) < endsAtMs ? first : first + 1
  return { bought, count: free + bought, free: day < 0 || (game.kind !== 'vote' && day < today) }
}
