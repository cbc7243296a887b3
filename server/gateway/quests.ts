/** Quests as a viewer sees them. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { withLikely } from '../../shared/likely.ts'
import type { ReplyOf } from '../../shared/protocol/index.ts'
import { questViews } from '../../shared/quests.ts'
import { readQuests, unitsOfGoal } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { Viewer } from './viewer.ts'

/** What is open to the viewer now, and how far it is. Throws where Redis cannot be reached. */
export async function listQuests(
  { store, partitions, clock, rulebook, targeting }: GatewayDeps,
  { account, rung }: Pick<Viewer, 'account' | 'rung'>,
): Promise<ReplyOf<'quest.list'> | Refusal> {
  const { book } = rulebook()
  const [read, behaviour] = await Promise.all([
    readQuests(store, {
      slot: partitions.slotOf(account),
      account,
      timeZone: book.timeZone,
      aroundMs: clock.now(),
    }),
    // Without it nothing is foretold; the quests are there all the same.
    targeting.read(account).catch(() => undefined),
  ])
  if (!read) return refuse('internal')
  const quests = questViews(book, { ...read, rung, unitOf: unitsOfGoal })
  const { atMs, today } = read
  if (!behaviour) return { ok: true, atMs, quests }
  return {
    ok: true,
    atMs,
    quests: withLikely(quests, { quests: book.quests, behaviour, today, atMs }),
  }
}
