/** The pick-up point that a caller names or stands at. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import type { PointDoc } from '../../rewards/index.ts'
import type { ApiDeps } from '../deps.ts'
import type { Caller } from '../route.ts'
import { Id } from '../shapes/basics.ts'

export const PointParams = z.strictObject({ point: Id })

/** Another brand's point is answered like one that does not exist. */
export function ownPoint(deps: ApiDeps, caller: Caller, id: string): PointDoc | undefined {
  const found = deps.rewards.catalogue.current().points.get(id)
  return found?.brand === caller.brand ? found : undefined
}

export const noPoint = (): Refusal => refuse('not_found', { field: 'point' })

/** Clerks have a point; who comes here without one is no clerk. */
export const pointOf = ({ point }: Caller): string => point ?? ''
