/** Fan clubs: a ladder for each host beside the platform's, and how the two are linked. */

import { z } from 'zod'
import { CLUB_WATCH_MINUTES } from '../clubs.ts'
import { count, decimal, Factor, Label, RuleId } from './parts.ts'

export const CLUB_RUNGS_MAX = 10
/** Clubs that one account may be in. */
export const CLUBS_MAX = 20

const Growth = decimal(10_000).default(0)

export const ClubRung = z.strictObject({
  id: RuleId,
  label: Label,
  growth: z.int().min(0).max(1_000_000_000).describe('Club growth at which it is reached'),
  platformGrowth: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe('Growth on the ladder of the platform, once, when it is reached'),
})
export type ClubRung = z.infer<typeof ClubRung>

export const FanClubPolicy = z
  .strictObject({
    rungs: z.array(ClubRung).min(2).max(CLUB_RUNGS_MAX),
    earns: z
      .strictObject({
        watch: Growth.describe(`Each ${CLUB_WATCH_MINUTES} minutes of the host's lives`),
        comment: Growth.describe('Each comment that passes the gate'),
        like: Growth,
        share: Growth,
        order: Growth.describe('Each order that was paid in the host’s live'),
      })
      .describe('Club growth'),
    perDay: count(1_000_000).describe('Most club growth of a member in one club and day'),
    clubs: count(CLUBS_MAX).default(5).describe('Most clubs that one account is in at a time'),
    joinPoints: z.int().min(0).max(1_000_000).default(0).describe('What joining costs, once'),
    byTier: z
      .array(z.strictObject({ rung: RuleId, factor: Factor }))
      .max(10)
      .default([])
      .describe('From this rung of the platform on club growth counts so many times'),
    taskPoints: z
      .int()
      .min(0)
      .max(10_000_000)
      .default(0)
      .describe('Most points that the tasks a host writes in one day may pay; 0 is no tasks'),
  })
  .superRefine(({ rungs, earns }, ctx) => {
    const issue = (path: (string | number)[], message: string) =>
      ctx.addIssue({ code: 'custom', path, message })
    rungs.forEach(({ growth, id }, i) => {
      const below = rungs[i - 1]
      if (below ? growth <= below.growth : growth !== 0)
        issue(['rungs', i, 'growth'], 'rungs begin at 0 and rise')
      if (rungs.findIndex((one) => one.id === id) !== i)
        issue(['rungs', i, 'id'], `${id} stands twice`)
    })
    if ((rungs[0]?.platformGrowth ?? 0) > 0)
      issue(['rungs', 0, 'platformGrowth'], 'joining alone is no merit')
    if (Object.values(earns).every((growth) => growth === 0))
      issue(['earns'], 'something has to count')
  })
export type FanClubPolicy = z.infer<typeof FanClubPolicy>

/** What is wrong where a club names a rung that the platform has not. */
export const clubProblem = (
  policy: FanClubPolicy | undefined,
  rungs: readonly { id: string }[],
): { path: (string | number)[]; message: string } | undefined => {
  const at = policy?.byTier.findIndex(({ rung }) => !rungs.some(({ id }) => id === rung)) ?? -1
  return at < 0
    ? undefined
    : { path: ['fanClub', 'byTier', at, 'rung'], message: 'no rung of the ladder' }
}

/** By how much club growth counts for who is on that rung of the platform, counted from 0. */
export function clubFactor(
  { byTier }: FanClubPolicy,
  rungs: readonly { id: string }[],
  rung: number,
): number {
  const below = rungs.slice(0, rung + 1)
  const reached = byTier.filter(({ rung: id }) => below.some((one) => one.id === id))
  return Math.max(1, ...reached.map(({ factor }) => factor))
}

/** The rung that so much growth reaches, counted from 0. */
export const clubRungAt = ({ rungs }: Pick<FanClubPolicy, 'rungs'>, growth: number): number =>
  Math.max(
    0,
    rungs.findLastIndex((rung) => growth >= rung.growth),
  )
