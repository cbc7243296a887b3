/** What a rung gives beside its factor, from that rung on: kept here, delivered here, or honoured by the merchant. */

import { z } from 'zod'
import { Factor, Label, PackContents, RuleId } from './parts.ts'

/** Kept by the service wherever something asks for the rung. */
export const ACCESS_PRIVILEGES = [
  'room_price',
  'early_access',
  'private_room',
  'member_sale',
  'member_draw',
] as const
export type AccessPrivilege = (typeof ACCESS_PRIVILEGES)[number]

/** Delivered by the service: once, or once a year. */
export const PACKS = ['newcomer_pack', 'birthday_pack'] as const
export type PackName = (typeof PACKS)[number]

const Sentence = z.strictObject({ zh: z.string().min(1).max(120), en: z.string().min(1).max(120) })
const Web = z
  .string()
  .max(300)
  .regex(/^https:\/\/[^\s"'<>\\]+$/, { message: 'an https address' })

const DAY_PASS = 'Also for who is on this rung with a day pass'

const Access = z.strictObject({
  kind: z.enum(ACCESS_PRIVILEGES),
  dayPass: z.boolean().default(true).describe(DAY_PASS),
})

const Pack = z.strictObject({
  kind: z.enum(PACKS),
  ...PackContents,
})
export type Pack = z.infer<typeof Pack>

const BirthdayPoints = z.strictObject({
  kind: z.literal('birthday_points'),
  factor: Factor.default(2).describe(
    'Personal multiplier, on the day, in the time zone of the platform',
  ),
})

const Perk = z.strictObject({
  kind: z.literal('perk'),
  id: RuleId.describe('As the merchant is told; stable'),
  label: Label,
  how: Sentence.describe('How it is used, for viewers'),
  link: Web.optional().describe('Where it is used'),
  dayPass: z.boolean().default(false).describe(DAY_PASS),
})
export type Perk = z.infer<typeof Perk>

export const Privilege = z.discriminatedUnion('kind', [Access, Pack, BirthdayPoints, Perk])
export type Privilege = z.infer<typeof Privilege>

/** What the merchant, the history and the overlay call it. A perk has a name of its own, no other one's. */
export const privilegeId = (privilege: Privilege): string =>
  privilege.kind === 'perk' ? privilege.id : privilege.kind

const OWN_NAMES: readonly string[] = [...ACCESS_PRIVILEGES, ...PACKS, 'birthday_points']

/** Of one rung: each once, and no perk under the name of what the service itself keeps. */
export const Privileges = z
  .array(Privilege)
  .max(12)
  .refine((all) => new Set(all.map(privilegeId)).size === all.length, {
    message: 'each privilege stands once',
  })
  .refine((all) => all.every((one) => one.kind !== 'perk' || !OWN_NAMES.includes(one.id)), {
    message: 'a perk needs a name of its own',
  })
  .default([])
