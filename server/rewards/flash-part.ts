/** Who took a piece in a flash window: owed for taking part, in the same step, until it is credited. */

import type { Store } from '../redis/index.ts'
import { flashOwedKey } from './keys.ts'

/** A viewer's part in a flash window. */
export interface FlashPart {
  reward: string
  /** Names the window among those of the reward. */
  opensAtMs: number
  account: number
  /** Where the viewer was. */
  room: string
}

/** Names it: it is credited once under this, whoever does it. */
export const flashPartId = ({ reward, opensAtMs }: FlashPart): string =>
  `flash ${reward} ${opensAtMs}`

/** As `take.lua` writes it. */
const memberOf = ({ opensAtMs, account, room }: FlashPart): string =>
  `${opensAtMs}:${account}:${room}`

export function readFlashPart(reward: string, member: string): FlashPart {
  const [opensAtMs, account, room = ''] = member.split(':')
  return { reward, opensAtMs: Number(opensAtMs), account: Number(account), room }
}

/** It is credited; there may have been nothing to forget. */
export async function forgetFlashPart(store: Store, part: FlashPart): Promise<void> {
  await store.zrem(flashOwedKey(part.reward), memberOf(part))
}
