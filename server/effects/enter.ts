/** Taking part in a draw, blind boxes or a vote. */

import type { Mine } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { countedRung, tierAsked } from '../../shared/rulebook/privileges.ts'
import { defineScript } from '../redis/index.ts'
import { type Buyer, daysOf, type EffectsDeps, nowOf, type SellingDeps } from './deps.ts'
import { boxesOf, winsIn } from './draws.ts'
import enterSource from './enter.lua'
import { type Game, readGame } from './game.ts'
import { actKey, gameKeysOf, playKeysOf } from './keys.ts'
import { AT_ONCE_MS } from './limits.ts'
import { payPrizes } from './prizes.ts'
import { type Acted, holdId, spend } from './spend.ts'

const enterScript = defineScript({
  name: 'effects.enter',
  source: enterSource,
  keys: ['head', 'act', 'game', 'entries', 'parts', 'owed'],
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
  deps: SellingDeps,
  buyer: Buyer,
  entry: Entry,
): Promise<{ ok: true; answer: Entered } | Refusal> {
  const { room, account, brandNo, local, live } = buyer
  const { captures } = deps
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
  const { answer, passOn } = acted
  if (passOn) await captures.finish(buyer, { passOn, follow: async () => ({ ok: true }) })
  return { ok: true, answer }
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
      async passOn() {
        await payPrizes(deps, { room, game: game.number, prizes: game.prizes, wins })
        return undefined
      },
    }),
  }
}

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
