/** Quests as a viewer sees them. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { ReplyOf } from '../../shared/protocol/index.ts'
import { questViews } from '../../shared/quests.ts'
import { readQuests, unitsOfGoal } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { Viewer } from './viewer.ts'

/** What is open to the viewer now, and how far it is. Throws where Redis cannot be reached. */
export async function listQuests(
  { store, partitions, clock, rulebook }: GatewayDeps,
  { account, rung }: Pick<Viewer, 'account' | 'rung'>,
): Promise<ReplyOf<'quest.list'> | Refusal> {
  const { book } = rulebook()
  const read = await readQuests(store, {
    slot: partitions.slotOf(account),
    account,
    timeZone: book.timeZone,
    aroundMs: clock.now(),
  })
  if (!read) return refuse('internal')
  const quests = questViews(book, { ...read, rung, unitOf: unitsOfGoal })
  return { ok: true, atMs: read.atMs, quests }
}
