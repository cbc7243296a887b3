/** Commands of team tasks. */

import { z } from 'zod'
import { TEAM_CODE_PATTERN, type TeamsRead } from '../teams.ts'
import { command } from './registry.ts'

const limit = { burst: 3, perMinute: 10 }
const Task = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/)

export const teamCommands = {
  'team.list': command<TeamsRead>()({
    what: "Team tasks that run, and the viewer's team in each: its code, and what each member has contributed.",
    roles: ['viewer'],
    limit: { burst: 6, perMinute: 40 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
  'team.open': command<TeamsRead>()({
    what: 'Open a team for a task; the viewer is its first member. Repeating it answers the same team.',
    roles: ['viewer'],
    limit,
    input: z.strictObject({ task: Task }),
    refusals: ['rate_limited', 'not_found', 'team_limit', 'busy'],
  }),
  'team.join': command<TeamsRead>()({
    what: 'Join the team of that code. What the viewer does from now on counts for it.',
    roles: ['viewer'],
    limit,
    input: z.strictObject({ code: z.string().regex(TEAM_CODE_PATTERN) }),
    refusals: ['rate_limited', 'not_found', 'task_closed', 'team_limit', 'busy'],
  }),
  'team.leave': command<TeamsRead>()({
    what: 'Leave the own team of a task; the own part goes with the viewer. A team that has reached its target is not left.',
    roles: ['viewer'],
    limit,
    input: z.strictObject({ task: Task }),
    refusals: ['rate_limited', 'task_closed', 'busy'],
  }),
} as const
