/** Whom accounts invited, made again from the invites of all partitions: an invite is archived with the one who was invited. */

import { parseAccount } from '../../../shared/ids.ts'
import { must } from '../../kernel/index.ts'
import type { Partitions, Store } from '../../redis/index.ts'
import { restoreFriend } from '../../scoring/index.ts'
import type { KeptReplay } from './replay-kept.ts'

export interface Invited {
  inviter: number
  invited: number
  atMs: number
}

/** Those that count for their inviters. A claim without a promise may be forgotten any time, so it counts for nobody. */
export const invitedIn = (kept: KeptReplay): Invited[] =>
  kept
    .of('invite')
    .filter(({ fields }) => String(fields.get('state')) !== 'claimed')
    .map(({ account, fields, sinceMs }) => ({
      inviter: must(parseAccount(String(fields.get('inviter'))), 'the inviter of an account'),
      ...{ invited: account, atMs: sinceMs },
    }))

/** After all partitions are there: an inviter and a friend may be in two. Repeating it is harmless. */
export async function rebuildFriends(
  store: Store,
  partitions: Partitions,
  invited: readonly Invited[],
): Promise<void> {
  for (const { inviter, ...friend } of invited)
    await restoreFriend(store, { slot: partitions.slotOf(inviter), inviter }, friend)
}
