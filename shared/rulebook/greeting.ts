/** Whom the host is asked to greet when they come in. */

import { z } from 'zod'
import { RuleId } from './parts.ts'

export const GreetingPolicy = z.strictObject({
  rung: RuleId.describe('From this rung on; one that the ladder lacks greets nobody'),
})
