/**
 * Drives one place of an account to where it is certain: in the team or not, the team told of what was contributed, and
 * whoever is owed paid. Each step may be repeated, and whoever comes next goes on where another one died.
 */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { teamSubject } from '../../shared/teams.ts'
import { teamSlot } from '../redis/index.ts'
import { type Claim, markTold, moveClaim, type Place, readClaim } from './claims.ts'
import type { TeamsDeps } from './deps.ts'
import {
  budgetSlot,
  costOf,
  enterTeam,
  notePaid,
  putAside,
  quitTeam,
  readTeam,
  sumOf,
  type Team,
  type TeamMember,
  tellTeam,
} from './team.ts'
import { shownOf } from './terms.ts'

/** Answers why the account is not where its claim wanted it. Throws where something cannot be done now. */
export async function drive(deps: TeamsDeps, place: Place): Promise<Refusal | undefined> {
  let claim = await readClaim(deps, place)
  let refused: Refusal | undefined
  if (claim?.state === 'leaving') {
    if (await hasLeft(deps, place, claim)) return undefined
    refused = refuse('task_closed')
    claim = { ...claim, state: 'in' }
  } else if (claim && claim.state !== 'in') {
    refused = await enter(deps, place, claim)
    if (refused) return refused
  }
  if (!claim) {
    await markTold(deps, place, 0)
    return undefined
  }
  if ((await tellTeam(deps, claim, place.account)) === 'gone') {
    // Lost with the end of its data: the account is free for another team.
    await moveClaim(deps, place, { claim, to: '' })
    return refuse('task_closed')
  }
  await payTeam(deps, claim.code)
  await markTold(deps, place, claim.done)
  return refused
}

/** Into the team, or the claim goes. */
async function enter(deps: TeamsDeps, place: Place, claim: Claim): Promise<Refusal | undefined> {
  const { partitions, certain } = deps
  const { account } = place
  const { code, terms } = claim
  const opens = claim.state === 'opening'
  if (opens) {
    if (!(await putAside(deps, { code, terms, points: costOf(terms) }))) {
      await moveClaim(deps, place, { claim, to: '' })
      return refuse('team_limit', { field: 'budget' })
    }
    await certain({ slot: budgetSlot(terms), with: teamSlot(code) })
  }
  await certain({ slot: partitions.slotOf(account), with: teamSlot(code) })
  const answer = await enterTeam(deps, claim, { account, ...(opens && { terms }) })
  if (answer !== 'entered') {
    if (opens) await putAside(deps, { code, terms, points: 0 })
    await moveClaim(deps, place, { claim, to: '' })
    return answer === 'closed'
      ? refuse('task_closed')
      : refuse('team_limit', { field: answer === 'size' ? 'size' : 'network' })
  }
  if (await moveClaim(deps, place, { claim, to: 'in' })) return undefined
  // Somebody else was faster, with the same or with the opposite.
  const now = await readClaim(deps, place)
  if (now?.code !== code || now.sinceMs !== claim.sinceMs) await quitTeam(deps, claim, account)
  return undefined
}

/** False where the team has reached its target, and so is not left. */
async function hasLeft(deps: TeamsDeps, place: Place, claim: Claim): Promise<boolean> {
  const { code, terms } = claim
  const answer = await quitTeam(deps, claim, place.account)
  if (answer === 'reached') {
    await moveClaim(deps, place, { claim, to: 'in' })
    return false
  }
  if (answer === 'closed') await putAside(deps, { code, terms, points: 0 })
  await moveClaim(deps, place, { claim, to: '' })
  return true
}

/** Whoever contributed enough to a team that has reached its target, and was not paid yet. */
const isOwed = ({ terms }: Team, { done, paid }: TeamMember): boolean =>
  paid === undefined && done >= terms.least

/** One person is paid once, also under two accounts that have become one. */
async function payTeam(deps: TeamsDeps, code: string): Promise<void> {
  const team = await readTeam(deps, code)
  if (team?.reachedAtMs === undefined) return
  if (!team.members.some((member) => isOwed(team, member))) return
  const members = await Promise.all(
    team.members.map(async (of) => ({ of, person: await deps.settledIn(of.account) })),
  )
  // Also who comes later in the team, and was paid before the two became one.
  const paid = new Set(members.filter(({ of }) => of.paid).map(({ person }) => person))
  for (const { of, person } of members) {
    if (!isOwed(team, of)) continue
    const points = paid.has(person) ? 0 : team.terms.points
    if (points > 0) await payMember(deps, team, of)
    await notePaid(deps, code, { account: of.account, points })
    paid.add(person)
  }
}

async function payMember(deps: TeamsDeps, team: Team, { account, done }: TeamMember) {
  const { wallets, partitions, certain } = deps
  const { code, terms, members } = team
  await certain({ slot: teamSlot(code), with: partitions.slotOf(account) })
  const issued = await wallets.issue({
    account,
    id: `team-${code}`,
    lots: [{ issuer: terms.brandNo, points: terms.points }],
    cause: 'team_task',
    subject: teamSubject({
      ...{ task: terms.task, action: terms.action, members: members.length },
      ...{ part: shownOf(terms, done), sum: shownOf(terms, sumOf(team)) },
    }),
    at: terms.brandNo,
  })
  // Other words under the id: it had been paid.
  if (!issued.ok && issued.code !== 'id_conflict')
    throw new Error(`a team could not be paid: ${issued.code}`)
}
