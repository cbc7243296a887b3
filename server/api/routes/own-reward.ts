/** The reward that a caller names, where it is of the caller's brand. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import type { StoredReward } from '../../rewards/index.ts'
import type { ApiDeps } from '../deps.ts'
import type { Caller } from '../route.ts'
import { Id } from '../shapes/basics.ts'

export const RewardParams = z.strictObject({ reward: Id })

/** Another brand's reward is answered like one that does not exist. */
export function ownReward(deps: ApiDeps, caller: Caller, id: string): StoredReward | undefined {
  const found = deps.rewards.catalogue.current().rewards.get(id)
  return found?.brand === caller.brand ? found : undefined
}

export const noReward = (): Refusal => refuse('not_found', { field: 'reward' })
