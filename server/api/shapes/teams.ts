/** Shapes of team tasks. */

import { z } from 'zod'
import {
  TEAM_ACTIONS,
  type TeamsRead,
  type TeamTaskView,
  type TeamView,
} from '../../../shared/teams.ts'
import { Count, Ms } from './basics.ts'

const TeamShape = z.object({
  code: z.string().describe('By which friends join'),
  sum: Count.describe('What all parts make together, up to the target'),
  reached: z.literal(true).exactOptional(),
  members: z.array(
    z.object({
      name: z.string(),
      you: z.literal(true).exactOptional(),
      part: Count,
      paid: Count.exactOptional().describe('Points; missing while nothing was decided'),
    }),
  ),
}) satisfies z.ZodType<TeamView>

const TeamTaskShape = z.object({
  id: z.string(),
  title: z.object({ zh: z.string(), en: z.string() }),
  action: z.enum(TEAM_ACTIONS),
  target: Count.describe('Together: minutes of watching, otherwise times'),
  most: Count.describe('Most that one member contributes'),
  least: Count.describe('Who has contributed less is not paid'),
  min: Count.describe('Members that a team needs'),
  max: Count.describe('Members that a team may have'),
  points: Count.describe('For each member who is paid'),
  endsAtMs: Ms,
  full: z.literal(true).exactOptional().describe('No more teams are paid'),
  team: TeamShape.exactOptional(),
}) satisfies z.ZodType<TeamTaskView>

export const TeamsReadShape = z.object({
  ok: z.literal(true),
  atMs: Ms,
  tasks: z.array(TeamTaskShape),
}) satisfies z.ZodType<TeamsRead>
