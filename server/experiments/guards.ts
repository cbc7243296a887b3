/** Whether an arm must end: it costs too much, inflates, or refuses what viewers do. Pure. */

import type { Ending, Guards } from '../../shared/experiments.ts'
import type { ArmSums } from './compare.ts'

const MILLE = 1000

/** Integers only. An arm that sells nothing costs more than any part of it, as soon as it costs anything. */
export function guardOf(
  arm: ArmSums,
  { costMille, inflationMille, refusedMille, fromViewers }: Guards,
  pointValueFen: number,
): Ending | undefined {
  if (arm.viewers < fromViewers) return undefined
  const costFen = arm.sum('issued') * pointValueFen
  if (costMille !== undefined && costFen * MILLE > Math.max(0, arm.sum('salesFen')) * costMille)
    return 'cost'
  const net = arm.sum('net')
  if (inflationMille !== undefined && net * MILLE > Math.max(0, arm.before) * inflationMille)
    return 'inflation'
  const done = arm.sum('acts') + arm.sum('refused')
  if (refusedMille !== undefined && arm.sum('refused') * MILLE > done * refusedMille)
    return 'refused'
  return undefined
}
