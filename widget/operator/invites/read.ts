/** What the page reads of held invites. */

import type { Suspicion } from '../../../shared/invites.ts'

export interface Held {
  /** Account numbers. */
  inviter: string
  invited: string
  heldAtMs: number
  points: number
  /** The inviter is. */
  frozen: boolean
  suspicions: Suspicion[]
}

export interface HeldList {
  invites: Held[]
  /** Others come when these have been judged. */
  more: boolean
}
