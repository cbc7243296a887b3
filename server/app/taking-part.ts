/** Credits whom a gateway that died left owed: for taking part, or for a comment that many liked. */

import { parseAccount } from '../../shared/ids.ts'
import { type TopComment, topCommentId } from '../rooms/index.ts'
import type { Accounts } from '../scoring/index.ts'

/** A viewer's part in a game or a flash window. */
export interface PartTaken {
  /** Under which a gateway would have credited it, after the action. */
  id: string
  action: 'vote' | 'join'
  account: number
  room: string
}

/** In the room where it was done, once. What can never be credited is over; throws where it cannot be now. */
export async function creditPart(
  accounts: Pick<Accounts, 'scoreEvent'>,
  { id, action, account, room }: PartTaken,
): Promise<void> {
  const scored = await accounts.scoreEvent({
    ...{ id, body: room, account, brand: '', room, action, units: 1 },
  })
  if (!scored.ok && scored.retry !== 'never')
    throw new Error(`a part could not be credited: ${scored.code}`)
}

/** The bonus of a top comment, in its room while the live is not over, once. */
export async function creditTopComment(
  accounts: Pick<Accounts, 'scoreEvent'>,
  { room, author, ...top }: TopComment & { room: string },
): Promise<void> {
  const account = parseAccount(author)
  if (account === undefined) return
  const scored = await accounts.scoreEvent({
    ...{ id: topCommentId(top), body: room, account, brand: '', room },
    ...{ action: 'spotlight', units: 1 },
  })
  if (!scored.ok && scored.retry !== 'never')
    throw new Error(`a comment's bonus could not be credited: ${scored.code}`)
}
