/** The scenarios there are, and plans made of them. */

import { likeBurst } from './like-burst.ts'
import type { Form, Plan, Scenario } from './plan.ts'
import { reconnectStorm } from './reconnect-storm.ts'
import { steadyRoom } from './steady-room.ts'

export * from './plan.ts'

export const SCENARIOS: readonly Scenario[] = [steadyRoom, likeBurst, reconnectStorm]

/** Undefined where there is no scenario of that name. `viewers` replaces the plan's own number. */
export function planOf(
  name: string,
  form: Form,
  { viewers, seed = 1 }: { viewers?: number | undefined; seed?: number | undefined } = {},
): Plan | undefined {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (!scenario) return undefined
  const plan = scenario.forms[form]
  return { ...plan, name, form, seed, viewers: viewers ?? plan.viewers }
}
