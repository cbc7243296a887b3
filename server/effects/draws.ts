/** Draws and blind boxes: what they may pay, what is in a box, and how clients see them. */

import { boxOf, type DrawPrize, ODDS_WHOLE, type Win } from '../../shared/draw.ts'
import type { DrawView } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import { getRoom } from '../rooms/index.ts'
import type { EffectsDeps } from './deps.ts'
import { commonView, type Game } from './game.ts'
import { openGame } from './open-game.ts'
import { type PrizeWish, pricePrizes, worthOf } from './prizes.ts'

/** How a draw is called in hashes and addresses. */
export const drawName = (room: string, game: number): string => `${room}.${game}`

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
  const { room, box, rung = 0 } = input
  const { brand } = must(await getRoom(deps.store, room), 'the room of a draw')
  const priced = await pricePrizes(deps, { room, brand, wishes: input.prizes })
  if (!priced.ok) return priced
  const { prizes } = priced
  if (rung >= ladder.rungs.length) return refuse('bad_request', { field: 'rung' })
  const { points, perViewer, total, prizePoints } = draw
  if (mostPaid(prizes, { box, total }) > prizePoints)
    return refuse('limit_reached', { field: 'prizes' })
  const opened = await openGame(deps, {
    ...input,
    prizes,
    kind: box ? 'box' : 'draw',
    points,
    perViewer,
    total,
    options: [],
    rung,
    told: ({ number, commitment }) => ({
      draw: number,
      box,
      prizes,
      total,
      tickets: 0,
      commitment,
      ...(rung > 0 && { rung }),
    }),
  })
  return opened.ok ? { ok: true, draw: drawView(opened.game) } : opened
}

/** What all prizes of a draw are worth, or all boxes on average, and never less than the largest one. */
function mostPaid(
  prizes: readonly DrawPrize[],
  { box, total }: { box: boolean; total: number },
): number {
  const parts = box ? total / ODDS_WHOLE : 1
  const all = prizes.reduce(
    (sum, prize) => sum + worthOf(prize) * (prize.odds ?? prize.winners ?? 0) * parts,
    0,
  )
  return Math.max(all, ...prizes.map(worthOf))
}

export const drawView = (game: Game): DrawView => ({
  ...commonView(game),
  draw: game.number,
  box: game.kind === 'box',
  prizes: game.prizes,
  total: game.total,
  tickets: game.tickets,
  commitment: game.commitment,
  ...(game.rung > 0 && { rung: game.rung }),
  ...(game.state === 'closed' && { seed: game.seed }),
})

/** What is in boxes of one viewer, by their numbers; nothing where the game has none. */
export function boxesOf(
  room: string,
  game: Game,
  { first, count }: { first: number; count: number },
) {
  if (game.kind !== 'box') return []
  const draw = drawName(room, game.number)
  return Array.from({ length: count }, (_, i) =>
    boxOf(game.seed, { draw, box: first + i, prizes: game.prizes }),
  )
}

/** Of boxes from ticket `first` on, those with a prize. */
export const winsIn = (
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
