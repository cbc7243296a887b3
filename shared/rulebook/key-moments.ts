/** Key moments that come by themselves: minutes in which what viewers do weighs otherwise, such as comments more and watching less. */

import { z } from 'zod'
import { ACTIONS, type Action } from '../receipt.ts'
import { count, Label, RuleId } from './parts.ts'

const ActionName = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])

/** What a campaign may make of an action: less than 1 is less. */
export const Weight = z
  .number()
  .min(0.1)
  .max(3)
  .refine((n) => Number.isInteger(Math.round(n * 1e6) / 1e3), { message: 'at most three decimals' })
export const Weights = z
  .partialRecord(ActionName, Weight)
  .refine((weights) => Object.keys(weights).length > 0, { message: 'names an action at least' })
  .describe('Of each action; one that is not named keeps its own')

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/

const KeyMoment = z.strictObject({
  id: RuleId,
  title: Label,
  weights: Weights,
  from: z.string().regex(CLOCK).describe('Time of day, in the time zone of the room'),
  minutes: count(120),
  days: z
    .array(z.int().min(1).max(7))
    .max(7)
    .default([])
    .describe('Days of the week, 1 is Monday; every day where none is named'),
})
export type KeyMoment = z.infer<typeof KeyMoment>

export const KeyMoments = z
  .array(KeyMoment)
  .max(8)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    message: 'each id once',
  })
  .default([])
