/** What invited friends have done, from the journals of their accounts. */

import type { InviteStep } from '../../shared/rulebook/invite.ts'
import { hasDone, type Invites, type StepDone } from '../scoring/index.ts'
import type { Consumer } from './consumer.ts'
import type { JournalElement } from './element.ts'
import { INVITES_MS } from './limits.ts'
import type { Skim } from './reading.ts'

const ACTION_OF = {
  registers: 'register',
  watches: 'watch',
  orders: 'order',
} as const satisfies Record<InviteStep, string>
/** All that matters to who invited somebody. */
export const INVITED_ACTIONS = Object.values(ACTION_OF)
const STEPS = Object.entries(ACTION_OF) as [InviteStep, (typeof ACTION_OF)[InviteStep]][]

export function invitesConsumer({
  invites,
  skim,
}: {
  invites: Pick<Invites, 'done'>
  skim: Skim
}): Consumer {
  /** Of the many who did nothing of the kind nothing is made. */
  function stepsOf(elements: readonly JournalElement[]): StepDone[] {
    const done: StepDone[] = []
    for (const element of elements) {
      const batch = skim(element)
      if (!batch) continue
      for (const { account, version, receipts } of batch.entries)
        for (const [step, action] of STEPS)
          if (hasDone(receipts, action)) done.push({ account, step, version, atMs: batch.atMs })
    }
    return done
  }
  return {
    kind: 'invites',
    everyMs: INVITES_MS,
    durableOnly: true,
    async handle(_place, elements) {
      await invites.done(stepsOf(elements))
      return elements.length
    },
  }
}
