/** A draw, blind boxes or a vote as the room's slot stores it, and what each viewer has of it. */

import type { DrawPrize, Win } from '../../shared/draw.ts'
import type { Mine } from '../../shared/effects.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import type { Store } from '../redis/index.ts'
import { type Buyer, daysOf, type EffectsDeps } from './deps.ts'
import { gameKeysOf, playKeysOf } from './keys.ts'
import { PAST_SHOWN } from './limits.ts'

export type GameKind = 'draw' | 'box' | 'vote'

/** A game as it is stored, seed included: not for clients. */
export interface Game {
  number: number
  kind: GameKind
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

/** What clients see of every kind of game. */
export const commonView = ({ title, points, perViewer, opensAtMs, endsAtMs, state }: Game) => ({
  title,
  points,
  perViewer,
  opensAtMs,
  endsAtMs,
  state,
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
