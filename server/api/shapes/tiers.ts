/** Shapes of tiers: what a rung gives, and the rung that is asked for. */

import { z } from 'zod'
import type { TierKeep } from '../../../shared/account-state.ts'
import { ACCESS_PRIVILEGES, PACKS } from '../../../shared/rulebook/privilege.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import type { PrivilegeView } from '../../../shared/tiers.ts'
import { Count, Ms, Points } from './basics.ts'

/** In both languages. */
export const Both = z.object({ zh: z.string(), en: z.string() })

/** One privilege, with how it is used. */
export const PrivilegeShape = z.object({
  id: z.string().describe('Stable; a perk has the id that the rulebook gives it'),
  kind: z.enum([...ACCESS_PRIVILEGES, ...PACKS, 'birthday_points', 'perk']),
  label: Both,
  how: Both,
  link: z.string().exactOptional(),
  rung: Count.describe('From which on it is given'),
  by: z.enum(['tier', 'dayPass']),
  untilMs: Ms.exactOptional().describe('By a day pass: until then'),
}) satisfies z.ZodType<PrivilegeView>

/** How the rung is kept. */
export const TierKeepShape = z.object({
  growth: Points.describe('At which it is kept'),
  untilMs: Ms,
  warned: z.literal(true).exactOptional().describe('Its loss was told'),
}) satisfies z.ZodType<TierKeep>

/** The rung that is asked for. */
export const TierAsked = z.object({ rung: Count, label: Label, growthMissing: Count })
