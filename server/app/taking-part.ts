/** Credits whom a gateway that died left owed for taking part. */

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
