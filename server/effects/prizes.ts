/** Prizes of draws and boxes: each is paid once, however often it is asked for. */

import type { DrawPrize, Win } from '../../shared/draw.ts'
import { parseAccount } from '../../shared/ids.ts'
import { sha256Hex } from '../../shared/sha256.ts'
import { must } from '../kernel/index.ts'
import { earningNumber, getRoom } from '../rooms/index.ts'
import type { EffectsDeps } from './deps.ts'
import { PRIZES_AT_ONCE } from './limits.ts'

/** Rooms may have long names, and ids of issues may not. */
const idOf = (room: string, game: number, ticket: number): string =>
  `win-${sha256Hex(room).slice(0, 16)}-${game}-${ticket}`

/** Pays prizes in points; vouchers are told, not paid. Throws where one cannot be paid now. */
export async function payPrizes(
  { store, rulebook, wallets }: Pick<EffectsDeps, 'store' | 'rulebook' | 'wallets'>,
  of: {
    room: string
    game: number
    prizes: readonly DrawPrize[]
    wins: readonly Win[]
  },
): Promise<void> {
  const { room, game, prizes, wins } = of
  if (wins.length === 0) return
  const place = must(await getRoom(store, room), 'the room of a game')
  const issuer = await earningNumber(store, place, rulebook().book.wallet.pool)
  const pay = async ({ handle, ticket, prize }: Win): Promise<void> => {
    const { points } = must(prizes[prize], 'a prize that was won')
    if (points === 0) return
    const issued = await wallets.issue({
      account: must(parseAccount(handle), 'an account that won'),
      id: idOf(room, game, ticket),
      lots: [{ issuer, points }],
      cause: 'prize',
      subject: `game ${room} ${game}`,
      at: place.brandNo,
    })
    // Paid before, under the pool of then: the id is of this ticket and of no other.
    if (!issued.ok && issued.code !== 'id_conflict')
      throw new Error(`a prize could not be paid: ${issued.code}`)
  }
  for (let i = 0; i < wins.length; i += PRIZES_AT_ONCE)
    await Promise.all(wins.slice(i, i + PRIZES_AT_ONCE).map(pay))
}
