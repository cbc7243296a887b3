/** What members of teams do, from the journals, handed to teams. */

import { ACCOUNTS_PER_CALL, type Doing, type Teams } from '../teams/index.ts'
import type { Consumer } from './consumer.ts'
import { doingsOf } from './doings.ts'
import { TEAMS_MS } from './limits.ts'
import { type ObservingOptions, observingConsumer } from './observing.ts'
import { readAll } from './reading.ts'

export interface TeamsConsumerOptions extends Pick<ObservingOptions<Doing>, 'store' | 'reading'> {
  /** Nothing is counted without. */
  teams?: Teams
}

export function teamsConsumer({ store, reading, teams }: TeamsConsumerOptions): Consumer {
  return {
    ...observingConsumer<Doing>({
      kind: 'teams',
      everyMs: TEAMS_MS,
      store,
      reading,
      observer: teams,
      accountsMax: ACCOUNTS_PER_CALL,
      fullText: 'too much of teams waits',
      async begin(slot) {
        // Asked for after the elements were read: who joined before any of them is among them.
        const members = (await teams?.members(slot)) ?? new Set<number>()
        return async (element, about, to) => {
          // Of who is in no team nothing is looked at.
          if (members.size === 0) return
          readAll(reading, element, {
            scored({ account, receipts }) {
              if (!members.has(account)) return
              const { watchedSec, acts } = doingsOf(receipts, () => 1)
              const { comment = 0, question = 0, like = 0, share = 0 } = acts
              const did = { watchedSec, comment: comment + question, like, share }
              if (watchedSec + did.comment + like + share === 0) return
              to.seenOf(account).push({ atMs: about.atMs, ...did })
            },
            rest: () => undefined,
          })
        }
      },
    }),
    // A team hears of nothing that could be lost: what it heard it cannot forget.
    durableOnly: true,
  }
}
