import { expect, test } from 'vitest'
import type { WeekBoard, WeekBoards } from '../shared/boards.ts'
import type { ClubDesk, ClubDeskRead, ClubRead } from '../shared/clubs.ts'
import { parseAccount } from '../shared/ids.ts'
import type { HistoryPage, LedgerEntry } from '../shared/ledger.ts'
import type { CommentLine } from '../shared/room-state.ts'
import type { TeamsRead } from '../shared/teams.ts'
import { must } from './kernel/index.ts'
import { askSocket } from './merchant.testing.ts'
import { testTicket } from './service.testing.ts'
import { useService } from './use-service.testing.ts'

const { call, connect, enter } = useService()

test('[B9 B3 003-21] a board that is published counts from then on; viewer, host and operator see it', async () => {
  const { book } = await call<{ book: object }>('/v1/rulebook')
  const title = { zh: '周榜', en: 'This week' }
  // Beside the demo's own, whose number it must not have.
  const board = { id: 'stars', no: 2, title, prizes: [100, 50] }
  expect(
    await call('/v1/rulebook', { body: { book: { ...book, boards: [board] } } }),
  ).toMatchObject({ ok: true })
  const { socket } = await enter({ viewer: 'ann' })
  await expect
    .poll(
      async () => (await askSocket<WeekBoards>(socket, 'board.week', {})).boards?.[0]?.board.id,
      {
        ...{ timeout: 15_000, interval: 500 },
      },
    )
    .toBe('stars')
  for (const [viewer, amountFen] of [
    ['ann', 20_000],
    ['bea', 90_000],
  ] as const)
    await call('/v1/events', { body: { action: 'purchase', viewer, room: 'demo', amountFen } })
  await expect
    .poll(
      async () => {
        const { boards } = await askSocket<WeekBoards>(socket, 'board.week', {})
        return boards?.[0]?.own?.rank
      },
      { timeout: 25_000, interval: 4000 },
    )
    .toBeGreaterThan(0)
  const hosting = await enter({ viewer: 'host-demo', role: 'host' })
  const hosted = await askSocket<WeekBoards>(hosting.socket, 'board.week', {})
  expect(hosted.boards).toMatchObject([{ board: { id: 'stars', title } }])
  expect(hosted.boards[0]).not.toHaveProperty('own')
  hosting.socket.close()
  const seen = await call<{ boards: WeekBoard[] }>('/v1/boards')
  expect(seen.boards).toMatchObject([{ id: 'stars', prizes: [100, 50] }])
  expect(await call('/v1/boards?week=2026-11-24')).toMatchObject({ code: 'bad_request' })
  expect(await call('/v1/boards?week=2020-01-06')).toEqual({ ok: true, boards: [] })
  socket.close()
})

test('[FC8 FC9 FC11 FC14 004-13 004-14 004-15] a viewer joins the club of the host, acts, rises there and on the platform, and is paid for a task', async () => {
  const { book } = await call<{ book: object }>('/v1/rulebook')
  const fanClub = {
    rungs: [
      { id: 'new', label: { zh: '新团员', en: 'New' }, growth: 0 },
      { id: 'fan', label: { zh: '铁粉', en: 'Fan' }, growth: 4, platformGrowth: 7 },
    ],
    ...{ earns: { like: 2 }, perDay: 100, joinPoints: 10, taskPoints: 500 },
  }
  expect(await call('/v1/rulebook', { body: { book: { ...book, fanClub } } })).toMatchObject({
    ok: true,
  })
  const { socket } = await enter({ viewer: 'fay' })
  const moved: LedgerEntry[] = []
  let growth = 0
  socket.on('account.changed', (change) => {
    moved.push(...(change.moved ?? []))
    growth = change.account.tier.growth
  })
  const read = async () => (await askSocket<ClubRead>(socket, 'club.read', {})).club
  await expect.poll(read, { timeout: 15_000, interval: 1500 }).toMatchObject({ joinPoints: 10 })
  const joining = () => askSocket(socket, 'club.join', { requestId: 'join-fay-001' })
  expect(await joining()).toMatchObject({ ok: false, code: 'points_short' })
  await call('/v1/events', {
    body: { action: 'purchase', viewer: 'fay', room: 'demo', amountFen: 20_000 },
  })
  expect(await joining()).toMatchObject({ ok: true, club: { own: { growth: 0, rung: 0 } } })
  const hosting = await enter({ viewer: 'host-demo', role: 'host' })
  const task = { requestId: 'task-demo-01', action: 'like', goal: 2, points: 50, minutes: 60 }
  const host = <T>(name: string, input: object) => askSocket<T>(hosting.socket, name, input)
  expect(await host('clubTask.start', { ...task, places: 11 })).toMatchObject({
    ...{ code: 'club_limit', field: 'points', have: 500 },
  })
  const before = growth
  expect(await host('clubTask.start', { ...task, places: 10 })).toMatchObject({ ok: true })
  let seq = 0
  const liking = async () => {
    await askSocket(socket, 'like.send', { seq: ++seq, count: 1 })
    return moved.find(({ cause }) => cause === 'club_task')
  }
  // What comes before the task has begun does not count for it.
  await expect.poll(liking, { timeout: 30_000, interval: 500 }).toMatchObject({
    moves: [{ from: 'issued', to: 'spendable', points: 50 }],
  })
  await expect.poll(read, { timeout: 15_000, interval: 2500 }).toMatchObject({
    own: { rung: 1 },
    tasks: [{ state: 'paid', progress: 2, left: 9 }],
  })
  await expect.poll(() => growth).toBeGreaterThanOrEqual(before + 7)
  // Histories are a second behind.
  const causes = async () => {
    const { entries } = await askSocket<HistoryPage>(socket, 'history.read', {})
    return entries?.flatMap((one) => (one.kind === 'moved' ? [one.cause] : []))
  }
  await expect
    .poll(causes, { timeout: 15_000, interval: 2500 })
    .toEqual(expect.arrayContaining(['club_task', 'club_rung', 'captured']))
  expect((await host<ClubDeskRead>('club.desk', {})).club).toMatchObject({
    ...{ members: 1, byRung: [{ members: 0 }, { members: 1 }], pointsLeft: 0 },
    tasks: [{ action: 'like', left: 9 }],
  })
  expect(await askSocket(socket, 'club.desk', {})).toMatchObject({ code: 'forbidden' })
  const bearer = await testTicket({ viewer: 'host-garden', role: 'host', room: 'garden' })
  expect(await call('/v1/rooms/demo/club', { bearer })).toMatchObject({ code: 'forbidden' })
  const operator = await testTicket({ viewer: 'zhou-ning', role: 'operator' })
  const ending = (task: number) =>
    call(`/v1/rooms/demo/club/tasks/${task}/end`, { bearer: operator, body: {} })
  const clubs = () => call<{ clubs: Listed[] }>('/v1/clubs', { bearer: operator })
  interface Listed {
    rooms: { id: string }[]
    club: ClubDesk
  }
  const listed = async () => (await clubs()).clubs.find(({ club }) => club.members > 0)
  const own = must(await listed(), 'the club in the list')
  expect(own).toMatchObject({ rooms: [{ id: 'demo' }], club: { tasks: [{ left: 9 }] } })
  const running = must(own.club.tasks[0], 'its task')
  expect(await ending(running.task)).toEqual({ ok: true })
  expect(await ending(running.task)).toMatchObject({ code: 'task_closed' })
  expect(await listed()).toMatchObject({ club: { tasks: [{ ended: true }] } })
  expect(await call('/v1/clubs', { bearer })).toMatchObject({ code: 'forbidden' })
  for (const one of [socket, hosting.socket]) one.close()
})

test('[TT5 TT7 003-23] a viewer opens a team, a friend joins it by its code, they reach the target together and each is paid', async () => {
  const came = async (viewer: string) => {
    const { socket } = await enter({ viewer })
    const moved: LedgerEntry[] = []
    socket.on('account.changed', (change) => void moved.push(...(change.moved ?? [])))
    const ask = <T = TeamsRead>(name: string, input: object = {}) =>
      askSocket<T>(socket, name, input)
    return { socket, moved, ask }
  }
  const [tia, tom] = [await came('tia'), await came('tom')]
  const task = { id: 'cheer', target: 60, most: 40, least: 10, points: 30 }
  expect((await tia.ask('team.list')).tasks).toMatchObject([task])
  const opened = await tia.ask('team.open', { task: 'cheer' })
  const { code } = must(opened.tasks[0]?.team, 'a team')
  expect(await tom.ask('team.join', { code: 'AAAAABBBBB' })).toMatchObject({ code: 'not_found' })
  expect(await tom.ask('team.join', { code })).toMatchObject({ tasks: [{ team: { code } }] })
  for (const [one, likes] of [
    [tia, 45],
    [tom, 30],
  ] as const)
    for (let seq = 1; seq <= likes / 15; seq++) await one.ask('like.send', { seq, count: 15 })
  const teamOf = async () => (await tom.ask('team.list')).tasks[0]?.team
  await expect.poll(teamOf, { timeout: 60_000, interval: 2000 }).toMatchObject({
    ...{ code, sum: 60, reached: true },
    members: [
      { part: 40, paid: 30 },
      { you: true, part: 30, paid: 30 },
    ],
  })
  for (const { moved } of [tia, tom])
    await expect
      .poll(() => moved.filter(({ cause }) => cause === 'team_task'))
      .toMatchObject([{ moves: [{ from: 'issued', to: 'spendable', points: 30 }] }])
  expect(await tom.ask('team.leave', { task: 'cheer' })).toMatchObject({ code: 'task_closed' })
  for (const { socket } of [tia, tom]) socket.close()
})

test('[B11 004-19] who led the week wears the badge at the own comments', async () => {
  const { socket, welcome } = await enter({ viewer: 'eve' })
  const account = must(parseAccount(must(welcome.me, 'a viewer').handle), 'an account')
  const title = { zh: '互动之星', en: 'Star of the week' }
  const store = await connect()
  const wear = (forMs: number) =>
    store.hset(
      'ff:{cfg}:boards-stars',
      String(account),
      JSON.stringify({ title, untilMs: Date.now() + forMs }),
    )
  const said: CommentLine[] = []
  socket.on('room.pulsed', ({ comments = [] }) => void said.push(...comments))
  let seq = 0
  const saying = async () => {
    const text = `good evening number ${++seq}`
    await askSocket(socket, 'comment.send', { seq, text })
    await expect.poll(() => said.some((line) => line.text === text), { timeout: 10_000 }).toBe(true)
    return said.find((line) => line.text === text)?.star
  }
  await wear(3_600_000)
  await expect.poll(saying, { timeout: 30_000, interval: 3200 }).toEqual(title)
  socket.close()
})
