/** What follows from what a member did in a club, without Redis. */

import { CLUB_ACTIONS, CLUB_WATCH_MINUTES, type ClubAction } from '../../shared/clubs.ts'
import { clubRungAt, type FanClubPolicy } from '../../shared/rulebook/fan-club.ts'
import { MERGED_MAX, REMEMBERED_MAX } from './limits.ts'
import type { Member, Membership, TaskRow } from './record.ts'
import type { ClubTask } from './tasks.ts'

/** What the journal says that an account did at one moment in the lives of one host. */
export interface Seen {
  club: number
  atMs: number
  /** Day of the platform. */
  day: number
  watchedSec: number
  acts: Partial<Record<Exclude<ClubAction, 'watch'>, number>>
}

/** What is to be done; each is paid under an id of its own. */
export type Consequence =
  | { kind: 'rung'; club: number; rung: string; growth: number }
  | { kind: 'task'; club: number; task: number; points: number; atMs: number }
  /** The other account is a member no more: it became one with this one. */
  | { kind: 'merged'; other: number }

export interface Rules {
  policy: FanClubPolicy
  /** By which club growth counts for this account. */
  factor: number
  tasksOf: (club: number) => readonly ClubTask[]
}

interface Step<T> {
  of: T
  consequences: Consequence[]
}

const ONE = 1000
const UNIT_SEC = CLUB_WATCH_MINUTES * 60
const MILLI_MAX = 2 ** 47

/** Thousandths of growth that one unit brings; rounded once, so that it does not matter what comes together. */
const unitOf = ({ policy, factor }: Rules, action: ClubAction): number =>
  Math.round(policy.earns[action] * factor * ONE)

const amountOf = ({ watchedSec, acts }: Seen, action: ClubAction): number =>
  action === 'watch' ? watchedSec : (acts[action] ?? 0)

function grown(member: Member, seen: Seen, rules: Rules): Step<Member> {
  const { policy } = rules
  const watched = member.watchedSec + seen.watchedSec
  let milli = Math.floor(watched / UNIT_SEC) * unitOf(rules, 'watch')
  for (const action of CLUB_ACTIONS)
    if (action !== 'watch') milli += amountOf(seen, action) * unitOf(rules, action)
  const isNewDay = seen.day > member.day
  const today = isNewDay ? 0 : member.dayMilli
  const gained = Math.max(0, Math.min(milli, policy.perDay * ONE - today, MILLI_MAX - member.milli))
  const now = member.milli + gained
  const rung = Math.max(member.rung, clubRungAt(policy, Math.floor(now / ONE)))
  const consequences = policy.rungs
    .slice(member.rung + 1, rung + 1)
    .filter(({ platformGrowth }) => platformGrowth > 0)
    .map(
      ({ id, platformGrowth }): Consequence => ({
        ...{ kind: 'rung', club: member.club, rung: id, growth: platformGrowth },
      }),
    )
  return {
    of: {
      ...member,
      ...{ milli: now, rung, watchedSec: watched % UNIT_SEC },
      ...{ day: Math.max(member.day, seen.day), dayMilli: today + gained },
    },
    consequences,
  }
}

function progressed(member: Member, seen: Seen, tasks: readonly ClubTask[]): Step<Member> {
  const rows: TaskRow[] = []
  const consequences: Consequence[] = []
  for (const task of tasks) {
    const row = member.tasks.find((one) => one.task === task.task)
    const amount = amountOf(seen, task.action)
    const runs = seen.atMs >= task.startsAtMs && seen.atMs < task.endsAtMs
    if (!runs || amount === 0 || row?.reached) {
      if (row) rows.push(row)
      continue
    }
    const goal = task.action === 'watch' ? task.goal * 60 : task.goal
    const done = Math.min(goal, (row?.done ?? 0) + amount)
    const reached = done === goal
    rows.push({ task: task.task, done, reached })
    if (reached)
      consequences.push({
        ...{ kind: 'task', club: member.club, task: task.task },
        ...{ points: task.points, atMs: seen.atMs },
      })
  }
  return { of: { ...member, tasks: rows }, consequences }
}

const isSame = (a: Member, b: Member): boolean =>
  a.milli === b.milli &&
  a.rung === b.rung &&
  a.watchedSec === b.watchedSec &&
  a.day === b.day &&
  a.tasks.length === b.tasks.length &&
  a.tasks.every((row, i) => row.task === b.tasks[i]?.task && row.done === b.tasks[i]?.done)

/** The same object where nothing changed. What was done before joining counts for nothing. */
export function advanced(membership: Membership, seen: Seen, rules: Rules): Step<Membership> {
  const member = membership.clubs.find(({ club }) => club === seen.club)
  if (member?.state !== 'in' || seen.atMs < member.sinceMs)
    return { of: membership, consequences: [] }
  const more = grown(member, seen, rules)
  const further = progressed(more.of, seen, rules.tasksOf(seen.club))
  if (isSame(member, further.of)) return { of: membership, consequences: [] }
  const clubs = membership.clubs.map((one) => (one === member ? further.of : one))
  return {
    of: { ...membership, clubs },
    consequences: [...more.consequences, ...further.consequences],
  }
}

/** Of left ones the first goes where there are too many. */
function bounded(clubs: readonly Member[]): readonly Member[] {
  if (clubs.length <= REMEMBERED_MAX) return clubs
  const gone = clubs
    .filter(({ state }) => state !== 'in')
    .sort((a, b) => a.sinceMs - b.sinceMs)
    .slice(0, clubs.length - REMEMBERED_MAX)
  return clubs.filter((one) => !gone.includes(one))
}

/** With one more member, or with another state of it. */
export function withMember(membership: Membership, member: Member): Membership {
  const others = membership.clubs.filter(({ club }) => club !== member.club)
  return { ...membership, clubs: bounded([...others, member]) }
}

/** What another account brought that became one with this one, once; what each did today stays under one cap. */
export function joined(
  membership: Membership,
  { clubs }: Membership,
  { other, policy }: { other: number; policy: FanClubPolicy },
): Step<Membership> {
  if (membership.merged.includes(other)) return { of: membership, consequences: [] }
  let all: Membership = {
    ...membership,
    merged: [...membership.merged, other].slice(-MERGED_MAX),
  }
  const consequences: Consequence[] = [{ kind: 'merged', other }]
  for (const one of clubs) {
    const own = all.clubs.find(({ club }) => club === one.club)
    const state = one.state === 'left' ? 'left' : 'in'
    if (!own) {
      all = withMember(all, { ...one, state })
      continue
    }
    const milli = Math.min(MILLI_MAX, own.milli + one.milli)
    const day = Math.max(own.day, one.day)
    const dayOf = (of: Member) => (of.day === day ? of.dayMilli : 0)
    all = withMember(all, {
      ...own,
      ...{ milli, day, dayMilli: dayOf(own) + dayOf(one) },
      state: own.state === 'in' || state === 'in' ? 'in' : own.state,
      sinceMs: Math.min(own.sinceMs, one.sinceMs),
      rung: Math.max(own.rung, one.rung, clubRungAt(policy, Math.floor(milli / ONE))),
    })
  }
  return { of: all, consequences }
}
