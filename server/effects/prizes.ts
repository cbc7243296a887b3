/** Prizes of draws and boxes: each is given once, however often it is asked for. */

import type { DrawPrize, PrizeEffect, Win } from '../../shared/draw.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount, parseAccount } from '../../shared/ids.ts'
import { COLOUR_LABELS, ENTRANCE_LABELS } from '../../shared/rulebook/effect-sentences.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { sha256Hex } from '../../shared/sha256.ts'
import { must } from '../kernel/index.ts'
import { earningNumber, getRoom } from '../rooms/index.ts'
import type { EffectsDeps } from './deps.ts'
import { PRIZES_AT_ONCE } from './limits.ts'
import { giveThing } from './owned.ts'

/** Rewards as prizes; the catalogue is another module's. */
export interface Goods {
  /** A reward of that brand of which at least so many pieces are left now. */
  offered(of: {
    reward: string
    brand: string
    room: string
    pieces: number
  }): Promise<{ ok: true; title: Label; points: number } | Refusal>
  /** Gives it once per id: `gone` where nothing was left of it, now and for ever. Throws where it cannot be given now. */
  give(of: { account: number; reward: string; id: string }): Promise<'given' | 'gone'>
}

/** A prize as the host asks for it. */
export interface PrizeWish extends Omit<DrawPrize, 'title' | 'reward'> {
  reward?: string
}

/** What it counts against the points that a game may pay. */
export const worthOf = ({ points, reward }: DrawPrize): number => reward?.points ?? points

function effectTitle(effect: PrizeEffect): Label {
  const { days } = effect
  if ('colour' in effect) {
    const { zh, en } = COLOUR_LABELS[effect.colour]
    return { zh: `${zh}弹幕颜色 ${days} 天`, en: `${days} days of ${en} comments` }
  }
  const { zh, en } = ENTRANCE_LABELS[effect.entrance]
  return { zh: `${zh}进场特效 ${days} 天`, en: `${days} days of a ${en} entrance` }
}

/** Prizes with their titles and prices as they are now; refused where a reward is not there in that number. */
export async function pricePrizes(
  { goods }: Pick<EffectsDeps, 'goods'>,
  of: { room: string; brand: string; wishes: readonly PrizeWish[] },
): Promise<{ ok: true; prizes: DrawPrize[] } | Refusal> {
  const prizes: DrawPrize[] = []
  for (const [i, { reward, ...wish }] of of.wishes.entries()) {
    if (reward === undefined) {
      prizes.push({ ...wish, ...(wish.effect && { title: effectTitle(wish.effect) }) })
      continue
    }
    const offered = await goods.offered({ ...of, reward, pieces: wish.winners ?? 1 })
    if (!offered.ok) return refuse(offered.code, { field: `prizes.${i}.reward` })
    const { title, points } = offered
    prizes.push({ ...wish, title, reward: { id: reward, points } })
  }
  return { ok: true, prizes }
}

/** Rooms may have long names, and ids of issues may not. */
const idOf = (room: string, game: number, ticket: number): string =>
  `win-${sha256Hex(room).slice(0, 16)}-${game}-${ticket}`

type PrizeDeps = Pick<
  EffectsDeps,
  'wallets' | 'goods' | 'store' | 'partitions' | 'rulebook' | 'nowMs'
>

interface To {
  account: number
  id: string
  /** Who owes the points, and the brand of the room. */
  issuer: number
  at: number
  subject: string
}

async function givePrize(deps: PrizeDeps, prize: DrawPrize, to: To): Promise<void> {
  const { account, id, issuer, at, subject } = to
  if (prize.effect)
    await giveThing(deps, { account, handle: formatAccount(account), id }, prize.effect)
  const { reward } = prize
  const gone = reward && (await deps.goods.give({ account, reward: reward.id, id })) === 'gone'
  const points = gone ? reward.points : prize.points
  if (points === 0) return
  const lots = [{ issuer, points }]
  const issued = await deps.wallets.issue({ account, id, lots, cause: 'prize', subject, at })
  // Paid before, under the pool of then: the id is of this ticket and of no other.
  if (!issued.ok && issued.code !== 'id_conflict')
    throw new Error(`a prize could not be paid: ${issued.code}`)
}

/** Gives prizes; vouchers are told, not given. Throws where one cannot be given now. */
export async function payPrizes(
  deps: PrizeDeps,
  of: {
    room: string
    game: number
    prizes: readonly DrawPrize[]
    wins: readonly Win[]
  },
): Promise<void> {
  const { room, game, prizes, wins } = of
  if (wins.length === 0) return
  const place = must(await getRoom(deps.store, room), 'the room of a game')
  const issuer = await earningNumber(deps.store, place, deps.rulebook().book.wallet.pool)
  const pay = ({ handle, ticket, prize }: Win): Promise<void> =>
    givePrize(deps, must(prizes[prize], 'a prize that was won'), {
      account: must(parseAccount(handle), 'an account that won'),
      id: idOf(room, game, ticket),
      issuer,
      at: place.brandNo,
      subject: `game ${room} ${game}`,
    })
  for (let i = 0; i < wins.length; i += PRIZES_AT_ONCE)
    await Promise.all(wins.slice(i, i + PRIZES_AT_ONCE).map(pay))
}
