import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { eraseAccount, findAccount, resolveAccount } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { ROUNDS_MAX } from './limits.ts'
import { mergeOf, settledIn } from './records.ts'
import { ask, createMergesStand, viewer } from './testing.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
const seed = Number(process.env.FANFARE_SEED ?? Date.now() % 1_000_000)

const NAMES = ['alice', 'bob', 'carol', 'dora'] as const

/** Orders, holds and merges happen to numbers that somebody knew before: of accounts that may be merged away by now. */
const who = fc.nat(NAMES.length - 1)
const no = fc.nat(1)
const points = fc.integer({ min: 1, max: 300 })
const end = fc.record({
  do: fc.constant('end' as const),
  who,
  no,
  takes: fc.constantFrom(0, 0.5, 1),
})
const merge = fc.record({ do: fc.constant('merge' as const), who, into: who })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ do: fc.constant('give' as const), who, points, issuer: fc.constantFrom(1, 2) },
    }),
  },
  fc.record({ do: fc.constant('grow' as const), who, points }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('promise' as const), who, points, no }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hold' as const), who, points, no }) },
  { weight: 5, arbitrary: end },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ do: fc.constant('refund' as const), who, no, part: fc.constantFrom(0.3, 1) },
    }),
  },
  { weight: 2, arbitrary: merge },
  fc.record({ do: fc.constant('undo' as const), no: fc.nat(3) }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(MINUTE_MS, HOUR_MS, 3 * DAY_MS),
    }),
  },
)
const erase = fc.record({ do: fc.constant('erase' as const), who })

type Step = typeof step | typeof erase extends fc.Arbitrary<infer T> ? T : never
/** What was bought, held and promised before accounts are merged one into the next, and ends after. */
const across = fc
  .record({
    part: fc.constantFrom(0.3, 1),
    takes: fc.constantFrom(0, 0.5, 1),
    chains: fc.boolean(),
  })
  .map(({ part, takes, chains }): Step[] => [
    { do: 'give', who: 0, points: 500, issuer: 1 },
    { do: 'hold', who: 0, points: 200, no: 0 },
    { do: 'end', who: 0, no: 0, takes: 1 },
    { do: 'hold', who: 0, points: 100, no: 1 },
    { do: 'promise', who: 0, points: 70, no: 2 },
    { do: 'merge', who: 0, into: 1 },
    ...(chains ? ([{ do: 'merge', who: 1, into: 2 }] as const) : []),
    { do: 'refund', who: 0, no: 0, part },
    { do: 'end', who: 0, no: 1, takes },
    { do: 'end', who: 0, no: 2, takes },
    { do: 'pass', ms: HOUR_MS },
  ])
/** In some of them somebody is erased at some time. */
const history = fc
  .tuple(
    fc.array(fc.oneof({ weight: 20, arbitrary: step.map((one): Step[] => [one]) }, across), {
      minLength: 10,
      maxLength: 50,
      size: 'max',
    }),
    fc.option(erase, { freq: 2, nil: undefined }),
    fc.nat(60),
  )
  .map(([parts, erasing, at]) => parts.flat().toSpliced(at, 0, ...(erasing ? [erasing] : [])))

/** Histories that came to it, of all. */
const reached = { chains: 0, undone: 0, lateOrders: 0, lateRefunds: 0, inFlight: 0, erased: 0 }

test('[MG5 MG7] in any history of merges, orders, holds, refunds, undos and erasures nothing is lost, and in the end nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      await redis.flushall()
      const one = await createMergesStand(redis)
      const { wallets, merges, registry, clock } = one
      const accounts: number[] = []
      for (const name of NAMES) accounts.push(await resolveAccount(registry, viewer(name)))
      const accountOf = (who: number) => must(accounts[who], 'an account')
      const isAway = async (account: number) => (await mergeOf(redis, account)) !== undefined
      const known: { account: number; id: string; pending: boolean }[] = []
      const begun: string[] = []
      const erased = new Set<number>()
      let issued = 0
      let grown = 0
      const came = new Set<keyof typeof reached>()

      for (const [i, s] of steps.entries()) {
        const account = 'who' in s ? accountOf(s.who) : 0
        const named = 'no' in s ? { account, id: `h${s.no}` } : { account, id: '' }
        switch (s.do) {
          case 'give':
            await one.give(account, s.points, { id: `give-${i}`, issuer: s.issuer })
            issued += s.points
            break
          case 'grow':
            await one.grow({
              ...{ account, id: `grow-${i}`, growth: s.points, cause: 'adjusted', subject: '' },
            })
            grown += s.points
            break
          case 'promise': {
            if (await wallets.readHold(named)) break
            const lots = [{ issuer: 1, points: s.points }]
            const order = { ...named, cause: 'prize', pendingMs: 20 * DAY_MS, lots } as const
            if (!(await wallets.issue(order)).ok) break
            issued += s.points
            known.push({ ...named, pending: true })
            break
          }
          case 'hold': {
            const asked = { ...named, points: s.points, use: 'checkout', at: 1 } as const
            const held = await wallets.hold({ ...asked, forMs: 400 * DAY_MS, issuers: [] })
            if (held.ok && !held.dup) known.push({ ...named, pending: false })
            break
          }
          case 'end': {
            const hold = await wallets.readHold(named)
            if (hold?.state !== 'open') break
            if (await isAway(account)) came.add(hold.use === 'pending' ? 'lateOrders' : 'inFlight')
            const taken = Math.ceil(hold.points * s.takes)
            const ended =
              s.takes === 0
                ? await wallets.void(named)
                : await wallets.capture({ ...named, points: taken, late: true })
            expect(ended.ok).toBe(true)
            break
          }
          case 'refund': {
            const hold = await wallets.readHold(named)
            const left = (hold?.captured ?? 0) - (hold?.refunded ?? 0)
            const part = Math.ceil(left * s.part)
            if (hold?.use !== 'checkout' || part === 0) break
            const back = await wallets.refund({ ...named, refundId: `back-${i}`, points: part })
            expect(back.ok).toBe(true)
            if (await isAway(account)) came.add('lateRefunds')
            break
          }
          case 'merge': {
            const key = `merge-${i}`
            const from = account
            // An identity that leads nowhere any more cannot be asked for.
            if (erased.has(from) || erased.has(accountOf(s.into))) break
            const merged = await merges.merge({ ...ask, key, from, into: accountOf(s.into) })
            if (!merged.ok) break
            begun.push(merged.merge)
            const next = await mergeOf(redis, merged.into)
            const before = (await Promise.all(accounts.map((a) => mergeOf(redis, a)))).some(
              (m) => m?.into === from,
            )
            if (before || next) came.add('chains')
            break
          }
          case 'undo': {
            const id = begun[s.no]
            const undone = id === undefined ? undefined : await merges.undo('acme', id)
            if (undone?.ok && undone.state === 'undone') came.add('undone')
            break
          }
          case 'erase': {
            const name = must(NAMES[s.who], 'a name')
            const now = await findAccount(registry, viewer(name))
            if (now === undefined) break
            await eraseAccount(registry, now, { asked: viewer(name) })
            erased.add(now)
            came.add('erased')
            break
          }
          case 'pass':
            clock.nowMs += s.ms
            await merges.pass()
            break
          default:
            s satisfies never
        }
        expect(await one.imbalance(), `after step ${i}`).toBe(0)
      }

      // Every hold ends, and the pass has looked after each.
      for (const { account, id, pending } of known) {
        const hold = await wallets.readHold({ account, id })
        if (hold?.state === 'open') await wallets[pending ? 'capture' : 'void']({ account, id })
      }
      for (let i = 0; i < ROUNDS_MAX; i++) {
        clock.nowMs += 8 * DAY_MS
        await merges.pass()
      }
      const totals = await one.totals()
      const { spendable, spent, expired, revoked } = totals
      expect(spendable + spent + expired + revoked).toBe(issued)
      expect(totals.transferredIn).toBe(totals.transferredOut)
      expect(totals).toMatchObject({ held: 0, pending: 0, frozen: 0, session: 0 })
      expect(await one.imbalance()).toBe(0)
      let growth = 0
      for (const account of accounts) {
        const { balance, growth: own } = await one.read(account)
        growth += own
        if (!(await isAway(account))) continue
        expect(balance.spendable, `left behind in ${account}`).toBe(0)
        expect(own).toBe(0)
        expect(accounts).toContain(await settledIn(redis, account))
      }
      expect(growth).toBe(grown)
      for (const what of came) reached[what]++
    }),
    { seed, numRuns: 60, interruptAfterTimeLimit: 90_000 },
  )
  for (const [what, histories] of Object.entries(reached))
    expect(histories, `${what}, ${JSON.stringify(reached)}`).toBeGreaterThan(0)
}, 120_000)
