/** What taking part earns, where whoever took the entry could not credit it: known until the game ends. */

import { parseAccount } from '../../shared/ids.ts'
import type { Store } from '../redis/index.ts'
import type { Game, GameKind } from './game.ts'
import { gameKeysOf } from './keys.ts'
import { PRIZES_AT_ONCE } from './limits.ts'

/** A game of a room, by its number there. */
export interface Part {
  room: string
  game: number
}

/** Names a viewer's part in a game: it is credited once under this, whoever does it. */
export const partId = ({ room, game }: Part): string => `play ${room} ${game}`

/** Credits one account for taking part, once per game. Throws where that cannot be done now. */
export type CreditPart = (part: Part & { account: number; kind: GameKind }) => Promise<void>

/** Credits everybody who is owed for a game; whom a process that died left owed, and nobody else. */
export async function settleOwed(
  store: Store,
  credit: CreditPart,
  { room, game }: { room: string; game: Game },
): Promise<void> {
  const { owed } = gameKeysOf(room, game.number)
  const handles = await store.smembers(owed)
  const settle = async (handle: string): Promise<void> => {
    const account = parseAccount(handle)
    if (account !== undefined) await credit({ room, game: game.number, kind: game.kind, account })
    await store.srem(owed, handle)
  }
  for (let i = 0; i < handles.length; i += PRIZES_AT_ONCE)
    await Promise.all(handles.slice(i, i + PRIZES_AT_ONCE).map(settle))
}
