/** Weekly boards: who earned most from Monday to Sunday, and what the first of them are given. */

import { z } from 'zod'
import { ACTIONS, type Action } from '../receipt.ts'
import { count, Label, RuleId } from './parts.ts'

/** Boards of one rulebook; each is counted on its own. */
export const BOARDS_MAX = 3
/** Places of a board that are shown. */
export const PLACES_MAX = 100
/** Places that may be paid. */
export const PRIZES_MAX = 50
/** Numbers of boards stand in keys. */
const NUMBER_MAX = 9

const ActionName = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])

export const Board = z
  .strictObject({
    id: RuleId,
    no: z.int().min(1).max(NUMBER_MAX).describe('Stable number in records; never reuse one'),
    title: Label,
    scope: z
      .enum(['brand', 'platform'])
      .default('brand')
      .describe('One board for each brand, or one for all of them'),
    actions: z
      .array(ActionName)
      .max(30)
      .default([])
      .describe('Only points of these actions count; none named is all of them'),
    places: z.int().min(3).max(PLACES_MAX).default(50).describe('Places that are shown'),
    least: count(1_000_000).default(1).describe('Points below which nobody has a place'),
    prizes: z
      .array(z.int().min(0).max(100_000))
      .max(PRIZES_MAX)
      .default([])
      .describe('Points for the first, the second and so on, when the week is over'),
    star: z
      .strictObject({
        title: Label,
        places: count(PRIZES_MAX).describe('So many of the first wear it'),
        days: count(30).default(7).describe('From the end of the week'),
      })
      .optional()
      .describe('A badge that is worn beside the name; it is never sold'),
  })
  .superRefine(({ prizes, places, star }, ctx) => {
    const issue = (path: string, message: string) =>
      ctx.addIssue({ code: 'custom', path: [path], message })
    if (prizes.length > places) issue('prizes', 'not more than places are shown')
    if (prizes.some((points, i) => points > (prizes[i - 1] ?? points)))
      issue('prizes', 'a lower place is not given more')
    if (star && star.places > places) issue('star', 'not more than places are shown')
  })
export type Board = z.infer<typeof Board>

export const Boards = z
  .array(Board)
  .max(BOARDS_MAX)
  .default([])
  .superRefine((boards, ctx) => {
    const seen = new Set<string | number>()
    boards.forEach(({ id, no }, i) => {
      for (const key of [id, no]) {
        if (seen.has(key))
          ctx.addIssue({ code: 'custom', path: [i], message: `${key} stands twice` })
        seen.add(key)
      }
    })
  })
