import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DryRunReport } from '../shared/dry-run.ts'
import type { HistoryEntry, Statement } from '../shared/ledger.ts'
import type { PublishedRulebook } from '../shared/rulebook/schema.ts'
import { must, systemClock } from './kernel/index.ts'
import { askApi } from './merchant.testing.ts'
import { startRedis, type TestRedis } from './redis/testing.ts'
import { knock, startService, type TestService, testTicket } from './service.testing.ts'

let redis: TestRedis
let service: TestService
/** On another machine, as far as its folder goes. */
let far: TestService
beforeAll(async () => {
  redis = await startRedis()
  service = await startService({ redisUrl: redis.url, roles: 'gateway,api,worker' })
  far = await startService({ redisUrl: redis.url, roles: 'api' })
})
afterAll(async () => {
  await far?.stop()
  await service?.stop()
  await redis?.stop()
})

const call = <T>(of: { path: string; body?: object; once?: string; on?: TestService }) => {
  const { path, on = service, ...asking } = of
  return askApi<T>(on.apiUrl, path, asking)
}

interface Page {
  ok: boolean
  entries: HistoryEntry[]
  next?: string
  elsewhere?: true
}

const LINES = 560
const refs = (entries: readonly HistoryEntry[]) =>
  entries.map((entry) => (entry.kind === 'moved' ? entry.ref : 'receipt'))

/** All pages, by whatever reads one. */
async function pages(read: (before: string | undefined) => Promise<Page>): Promise<Page> {
  const all: HistoryEntry[] = []
  for (let before: string | undefined; ; ) {
    const page = await read(before)
    if (!page.ok) throw new Error(JSON.stringify(page))
    all.push(...page.entries)
    before = page.next
    if (before === undefined) return { ...page, entries: all }
  }
}

test('[AR13 AR14 002-50] over HTTP and sockets: every line of 560, every balance between, and a word where the archive is not', async () => {
  const { socket } = await knock(service.gatewayUrl, {
    ticket: await testTicket({ viewer: 'ann' }),
  })
  const adjust = (no: number) =>
    call<{ ok: boolean; entry: { atMs: number } }>({
      path: '/v1/accounts/ann/adjust',
      body: { points: no, note: `gift ${no}` },
      once: `adjust-${no}`,
    })
  const atMs: number[] = []
  for (let no = 1; no <= LINES; no += 20) {
    const some = await Promise.all(Array.from({ length: 20 }, (_, i) => adjust(no + i)))
    for (const { ok, entry } of some) {
      expect(ok).toBe(true)
      atMs.push(entry.atMs)
    }
  }
  const before = (next: string | undefined) => (next === undefined ? '' : `&before=${next}`)
  const history = (on: TestService) =>
    pages((next) =>
      call<Page>({ path: `/v1/accounts/ann/history${before(next).replace('&', '?')}`, on }),
    )
  await expect
    .poll(async () => (await history(service)).entries.length, { timeout: 20_000, interval: 500 })
    .toBe(LINES)
  const told = refs((await history(service)).entries)
  expect(new Set(told).size).toBe(LINES)

  const bySocket: HistoryEntry[] = []
  // Of the rest the answers over HTTP are enough: a socket may ask only now and then.
  for (let next: string | undefined; bySocket.length < 270; ) {
    const page = await socket.emitWithAck(
      'history.read',
      next === undefined ? {} : { before: next },
    )
    if (page.ok) {
      bySocket.push(...page.entries)
      next = page.next
      continue
    }
    expect(page.code).toBe('rate_limited')
    await systemClock.sleep(page.afterMs ?? 100)
  }
  expect(refs(bySocket)).toEqual(told.slice(0, bySocket.length))
  socket.close()

  const statement = (query: string, on = service) =>
    call<Statement>({ path: `/v1/accounts/ann/statement?${query}`, on })
  const sum = (entries: readonly HistoryEntry[]) =>
    entries.reduce(
      (all, entry) => all + (entry.kind === 'moved' ? (entry.moves[0]?.points ?? 0) : 0),
      0,
    )
  const [fromMs, toMs] = [must(atMs[100], 'a time'), must(atMs[400], 'a time')]
  for (const period of [`fromMs=${fromMs}&toMs=${toMs}`, 'fromMs=0', `fromMs=${toMs}`]) {
    const first = await statement(period)
    const whole = await pages(async (next) => {
      const page = await statement(`fromMs=${first.fromMs}&toMs=${first.toMs}${before(next)}`)
      expect(page.opening).toEqual(first.opening)
      return page
    })
    expect(first.opening.spendable + sum(whole.entries)).toBe(first.closing.spendable)
    const earlier = atMs.map((at, i) => (at < first.fromMs ? i + 1 : 0))
    if (new Set(atMs).size === LINES)
      expect(first.opening.spendable).toBe(earlier.reduce((all, points) => all + points, 0))
  }
  expect((await statement('fromMs=0')).closing.spendable).toBe((LINES * (LINES + 1)) / 2)

  const there = await history(far)
  expect(there).toMatchObject({ elsewhere: true })
  expect(refs(there.entries)).toEqual(told.slice(0, 200))
  expect(await statement('fromMs=0', far)).toMatchObject({ ok: false, code: 'archive_elsewhere' })
}, 120_000)

interface Shown {
  run?: { state: string; report?: DryRunReport }
}

test('[DR1 DR7] a dry run of the whole service makes its ledger again, says what the draft would have paid, and moves no point', async () => {
  const buy = { action: 'purchase', viewer: 'bea', amountFen: 12_350, order: 'order-bea' }
  expect(await call({ path: '/v1/events', body: buy, once: 'buy-bea-001' })).toMatchObject({
    ok: true,
  })
  const { version, book } = await call<PublishedRulebook>({ path: '/v1/rulebook' })
  const earn = book.earn.map((rule) => (rule.id === 'purchase' ? { ...rule, points: 3 } : rule))
  const draft = { revision: 0, basis: version, book: { ...book, earn } }
  const { revision } = await call<{ revision: number }>({ path: '/v1/rulebook/draft', body: draft })
  const totals = () => call({ path: '/v1/conservation' })
  const before = await totals()

  const path = '/v1/rulebook/dry-run'
  let report: DryRunReport | undefined
  // What was bought a moment ago may not be in the archive yet.
  await expect
    .poll(
      async () => {
        const shown = await call<Shown>({ path })
        if (shown.run?.state === 'done') report = shown.run.report
        const isOver = shown.run === undefined || shown.run.state === 'done'
        if (isOver && report?.told.points !== 123)
          await call({ path, body: { revision, fromMs: 0, toMs: Date.now() + 1000, oneOf: 1 } })
        return report?.told.points
      },
      { timeout: 90_000, interval: 500 },
    )
    .toBe(123)
  const { proof, tried, salesFen } = must(report, 'a report')
  expect(proof.differences).toEqual([])
  expect([proof.sameEntries, proof.sameBalances]).toEqual([proof.entries, proof.balances])
  expect(tried?.points).toBe(123 * 3)
  expect(salesFen).toBe(12_350)
  expect(await totals()).toEqual(before)
}, 120_000)
