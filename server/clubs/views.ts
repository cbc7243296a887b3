/** A club as a member, a viewer or its host sees it. */

import type { ClubDesk, ClubTaskState, ClubView, OwnClubTask } from '../../shared/clubs.ts'
import { CLUB_RUNGS_MAX, type FanClubPolicy } from '../../shared/rulebook/fan-club.ts'
import { dayBounds } from '../../shared/time.ts'
import { type ClubsDeps, nowOf } from './deps.ts'
import { sizesKey } from './keys.ts'
import { type ClubRecords, memberOf, readClubs, sizeName } from './members.ts'
import type { Member } from './record.ts'
import { type ClubTask, hasPlace, pointsLeft, readTasks, readWon, taskView } from './tasks.ts'

const ONE = 1000
const MINUTE_SEC = 60

const rungsOf = ({ rungs }: FanClubPolicy): ClubView['rungs'] =>
  rungs.map(({ label, growth, platformGrowth }) => ({ label, growth, platformGrowth }))

function stateOf(task: ClubTask, of: { reached: boolean; paid: boolean; won: number }) {
  const { reached, paid, won } = of
  if (!reached) return 'open'
  const state: ClubTaskState = paid ? 'paid' : won >= task.places ? 'full' : 'paying'
  return state
}

async function tasksFor(
  deps: Pick<ClubsDeps, 'store' | 'clock' | 'nowMs'>,
  { club, account, member }: { club: number; account: number; member: Member | undefined },
): Promise<OwnClubTask[]> {
  const nowMs = nowOf(deps)
  const tasks = (await readTasks(deps.store, club)).filter(({ endsAtMs }) => endsAtMs > nowMs)
  if (tasks.length === 0) return []
  const rowOf = ({ task }: ClubTask) => member?.tasks.find((one) => one.task === task)
  const reached = tasks.filter((task) => rowOf(task)?.reached).map(({ task }) => task)
  const [won, places] = await Promise.all([
    readWon(deps.store, club),
    hasPlace(deps.store, { club, account, tasks: reached }),
  ])
  return tasks.map((task) => {
    const row = rowOf(task)
    const taken = Number(won[task.task] ?? 0)
    const done = row?.done ?? 0
    return {
      ...taskView(task, taken),
      progress: task.action === 'watch' ? Math.floor(done / MINUTE_SEC) : done,
      state: stateOf(task, {
        ...{ reached: row?.reached ?? false, paid: places.has(task.task), won: taken },
      }),
    }
  })
}

/** Undefined where the rulebook has no clubs. */
export async function viewClub(
  deps: ClubsDeps & { records: ClubRecords },
  { club, account }: { club: number; account: number },
): Promise<ClubView | undefined> {
  const { fanClub: policy, timeZone } = deps.rulebook().book
  if (!policy) return undefined
  const membership = await readClubs(deps.records, account)
  const member = memberOf(membership, club)
  const isIn = member?.state === 'in'
  const { day } = dayBounds(nowOf(deps), timeZone)
  const inside = membership.clubs.filter(({ state }) => state === 'in').length
  return {
    ...{ rungs: rungsOf(policy), perDay: policy.perDay },
    joinPoints: member ? 0 : policy.joinPoints,
    free: Math.max(0, policy.clubs - inside),
    ...(isIn && {
      own: {
        growth: Math.floor(member.milli / ONE),
        rung: Math.min(member.rung, policy.rungs.length - 1),
        today: member.day === day ? Math.floor(member.dayMilli / ONE) : 0,
        sinceMs: member.sinceMs,
      },
    }),
    tasks: await tasksFor(deps, { club, account, member: isIn ? member : undefined }),
  }
}

/** Members on each rung, over all partitions. Who reached more than the rulebook has by now is on its last. */
async function sizesOf(
  { store, partitions }: Pick<ClubsDeps, 'store' | 'partitions'>,
  { club, rungs }: { club: number; rungs: number },
): Promise<number[]> {
  const names = Array.from({ length: CLUB_RUNGS_MAX }, (_, rung) => sizeName(club, rung))
  const all = await Promise.all(
    partitions.slots.map((slot) => store.hmget(sizesKey(slot), ...names)),
  )
  const sizes = names.map((_, i) => all.reduce((sum, some) => sum + Number(some[i] ?? 0), 0))
  const sumOf = (some: readonly number[]) => some.reduce((sum, size) => sum + size, 0)
  return [...sizes.slice(0, rungs - 1), sumOf(sizes.slice(rungs - 1))]
}

/** Undefined where the rulebook has no clubs. */
export async function deskOf(deps: ClubsDeps, club: number): Promise<ClubDesk | undefined> {
  const { fanClub: policy, timeZone } = deps.rulebook().book
  if (!policy) return undefined
  const [sizes, tasks, won] = await Promise.all([
    sizesOf(deps, { club, rungs: policy.rungs.length }),
    readTasks(deps.store, club),
    readWon(deps.store, club),
  ])
  const nowMs = nowOf(deps)
  const { day } = dayBounds(nowMs, timeZone)
  const isOver = ({ endsAtMs }: { endsAtMs: number }) => endsAtMs <= nowMs
  const shown = tasks.map((task) => ({
    ...taskView(task, Number(won[task.task] ?? 0)),
    ...(isOver(task) && { ended: true as const }),
  }))
  return {
    members: sizes.reduce((sum, size) => sum + size, 0),
    byRung: policy.rungs.map(({ label }, i) => ({ label, members: sizes[i] ?? 0 })),
    pointsLeft: pointsLeft(tasks, won, { budget: policy.taskPoints, day, nowMs }),
    tasks: [...shown.filter((one) => !isOver(one)), ...shown.filter(isOver).reverse()],
  }
}
