/** Team tasks as a viewer sees them. */

import { teamPeriodAt } from '../../shared/rulebook/team-tasks.ts'
import type { TeamsRead, TeamTaskView, TeamView } from '../../shared/teams.ts'
import { fieldOf, readClaims } from './claims.ts'
import { nowOf, type TeamsDeps } from './deps.ts'
import { costOf, readPut, readTeam, sumOf, type Team } from './team.ts'
import { shownOf, type Terms, termsOf } from './terms.ts'

type Asked = { account: number; brandNo: number }

/** Undefined where the account is not in it. */
async function viewTeam(
  deps: TeamsDeps,
  team: Team | undefined,
  { account }: Asked,
): Promise<TeamView | undefined> {
  if (!team?.members.some((member) => member.account === account)) return undefined
  const names = await deps.namesOf(team.members.map((member) => member.account))
  const { terms } = team
  return {
    code: team.code,
    sum: Math.min(shownOf(terms, sumOf(team)), shownOf(terms, terms.target)),
    ...(team.reachedAtMs !== undefined && { reached: true as const }),
    members: team.members.map((member) => ({
      name: names.get(member.account) ?? '',
      ...(member.account === account && { you: true as const }),
      part: shownOf(terms, member.done),
      ...(member.paid !== undefined && { paid: member.paid }),
    })),
  }
}

async function viewTask(
  deps: TeamsDeps,
  terms: Terms,
  team: TeamView | undefined,
): Promise<TeamTaskView> {
  const { task, title, action, min, max, points, endsAtMs, budget } = terms
  const isFull = !team && (await readPut(deps, terms)) + costOf(terms) > budget
  return {
    ...{ id: task, title, action, min, max, points, endsAtMs },
    target: shownOf(terms, terms.target),
    most: shownOf(terms, terms.most),
    least: shownOf(terms, terms.least),
    ...(isFull && { full: true as const }),
    ...(team && { team }),
  }
}

/** Tasks that run, by the terms of the account's own team where it has one. */
export async function viewTeams(deps: TeamsDeps, asked: Asked): Promise<TeamsRead> {
  const atMs = nowOf(deps)
  const { teamTasks, timeZone } = deps.rulebook().book
  const running = new Map<string, Terms>()
  for (const task of teamTasks) {
    const period = teamPeriodAt(task, { atMs, timeZone })
    if (!period) continue
    const terms = termsOf(task, period, asked.brandNo)
    running.set(fieldOf(terms), terms)
  }
  const teams = new Map<string, TeamView>()
  for (const [field, claim] of await readClaims(deps, asked.account)) {
    if (claim.terms.endsAtMs <= atMs || claim.state === 'leaving') continue
    const view = await viewTeam(deps, await readTeam(deps, claim.code), asked)
    if (!view) continue
    teams.set(field, view)
    running.set(field, claim.terms)
  }
  const tasks = await Promise.all(
    [...running].map(([field, terms]) => viewTask(deps, terms, teams.get(field))),
  )
  return { ok: true, atMs, tasks }
}
