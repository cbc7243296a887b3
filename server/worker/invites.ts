/** What invited friends have done, from the journals of their accounts. */

import type { InviteStep } from '../../shared/rulebook/invite.ts'
import { hasDone, type Invites, type StepDone } from '../scoring/index.ts'
import type { Consumer } from './consumer.ts'
import type { JournalElement } from './element.ts'
import type { Skim } from './history.ts'
import { INVITES_MS } from './limits.ts'

const ACTION_OF = {
  registers: 'register',
  watches: 'watch',
  orders: 'order',
} as const satisfies Record<InviteStep, string>
const STEPS = Object.entries(ACTION_OF) as [InviteStep, (typeof ACTION_OF)[InviteStep]][]

export function invitesConsumer({
  invites,
  skim,
}: {
  invites: Pick<Invites, 'done'>
  skim: Skim
}): Consumer {
  const stepsOf = (element: JournalElement): StepDone[] => {
    const batch = skim(element)
    if (!batch) return []
    const { atMs, entries } = batch
    return entries.flatMap(({ account, version, receipts }) =>
      STEPS.filter(([, action]) => hasDone(receipts, action)).map(([step]) => ({
        account,
        step,
        version,
        atMs,
      })),
    )
  }
  return {
    kind: 'invites',
    everyMs: INVITES_MS,
    durableOnly: false,
    async handle(_place, elements) {
      await invites.done(elements.flatMap(stepsOf))
      return elements.length
    },
  }
}
