/** Does what follows from club growth: each under an id of its own, so that doing it again is harmless. */

import { clubSubject } from '../../shared/clubs.ts'
import { hostSlot, type Todo } from '../redis/index.ts'
import type { Consequence } from './advance.ts'
import type { ClubsDeps } from './deps.ts'
import { type ClubRecords, markMerged } from './members.ts'
import { readTasks, takePlace } from './tasks.ts'

/** Throws where it cannot be done now; then it waits. */
export async function doConsequence(
  deps: ClubsDeps & { records: ClubRecords },
  todo: Todo<Consequence>,
): Promise<void> {
  const { account, consequence } = todo
  switch (consequence.kind) {
    case 'rung': {
      const { club, rung, growth } = consequence
      const id = `club-${club}-${rung}`
      const subject = clubSubject({ club, rung, growth })
      await deps.changeGrowth({ account, id, growth, cause: 'club_rung', subject })
      await deps.tell(account)
      return
    }
    case 'task':
      return payTask(deps, account, consequence)
    case 'merged':
      return markMerged(deps.records, consequence.other)
    default:
      consequence satisfies never
  }
}

/** The place first, then the points: whoever has the place is paid, whatever dies in between. */
async function payTask(
  deps: ClubsDeps,
  account: number,
  { club, task, points, atMs }: { club: number; task: number; points: number; atMs: number },
): Promise<void> {
  const { store, partitions, wallets, certain } = deps
  const rank = await takePlace(deps, { club, task, account, reachedAtMs: atMs })
  if (rank <= 0) return
  const known = (await readTasks(store, club)).find((one) => one.task === task)
  // Paid long ago: the task is not kept any more.
  if (!known) return
  await certain({ slot: hostSlot(club), with: partitions.slotOf(account) })
  const issued = await wallets.issue({
    account,
    id: `club-task-${club}-${task}`,
    lots: [{ issuer: known.issuer, points }],
    cause: 'club_task',
    subject: `club ${club} ${task}`,
    at: known.brandNo,
  })
  if (!issued.ok && issued.code !== 'id_conflict')
    throw new Error(`a task of a club could not be paid: ${issued.code}`)
}
