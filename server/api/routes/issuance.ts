/** Routes of the platform's issuance: the cap and its brown-out, and sales that were made elsewhere. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { dayBounds } from '../../../shared/time.ts'
import { readIssuance, reportSales, setBrownout } from '../../governance/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Count, Ms, ok } from '../shapes/basics.ts'

/** A ten thousand million yuan: more in a day is a mistake. */
const DAY_FEN_MAX = 1_000_000_000_000
/** Days that lie further back count in no period. */
const DAYS_BACK_MAX = 366
const DAY_MS = 86_400_000
const LEVEL_MAX = 7

const Why = z.string().trim().min(1).max(200)

const Standing = {
  sinceMs: Ms.describe('Beginning of the period of which sales and points count'),
  salesFen: z.int().describe('Net sales of the period: orders less refunds, and what was reported'),
  cap: Count.exactOptional().describe(
    'Points that may be issued in the period; absent until a brand has reported sales, and where the rulebook has no cap',
  ),
  bindsAtMs: Ms.exactOptional().describe('When the cap binds: minutes after the first report'),
  used: Count.describe('Points issued in the period, as processes have said; a second old'),
  left: Count.exactOptional().describe('Of the cap'),
  leased: Count.describe('Points that processes hold ready'),
  beside: Count.describe(
    'Points that came in beside the cap, ever: balances taken over, tips to hosts',
  ),
  level: Count.describe('Of the brown-out; 0 is none'),
  factor: Count.describe('What it leaves of an award by rules, in thousandths'),
  levels: z
    .array(z.object({ from: z.number(), factor: z.number() }))
    .describe('Of the rulebook: from which part of the cap on, and what it leaves of an award'),
  set: z
    .array(
      z.object({
        source: z.enum(['operator', 'alarm']),
        level: Count,
        by: z.string(),
        why: z.string(),
        atMs: Ms,
      }),
    )
    .describe('Who set a brown-out last, and why; the highest level holds'),
}

async function standing({ gate, rulebook, clock }: ApiDeps) {
  const { book } = rulebook()
  const { cap, bindsAtMs, ...rest } = await readIssuance(gate.store, book, clock.now())
  return {
    ok: true as const,
    ...rest,
    levels: book.issuance.levels,
    ...(cap !== undefined && { cap, left: Math.max(0, cap - rest.used) }),
    ...(bindsAtMs !== undefined && { bindsAtMs }),
  }
}

const issuance = route({
  method: 'GET',
  path: '/v1/governance/issuance',
  what: 'How many points the platform has issued, and may issue: the cap is a part of its sales, in money.',
  access: 'platform',
  reply: ok(Standing),
  refusals: ['forbidden'],
  run: (_, deps) => standing(deps),
})

const brownout = route({
  method: 'POST',
  path: '/v1/governance/brownout',
  what: 'Set the brown-out by hand, to a level of the rulebook; every process follows within two seconds. 0 ends it; a level that use or an alarm has reached stays.',
  access: 'platform',
  body: z.strictObject({
    level: z.int().min(0).max(LEVEL_MAX),
    why: Why.describe('For whoever looks later'),
  }),
  reply: ok(Standing),
  refusals: ['forbidden', 'bad_request'],
  async run({ body: { level, why }, caller: { by } }, deps) {
    const { gate, clock, log, rulebook } = deps
    if (level > rulebook().book.issuance.levels.length)
      return refuse('bad_request', { field: 'level' })
    await setBrownout(gate.store, { source: 'operator', level, by, why, atMs: clock.now() })
    log.info({ level, by, why }, 'the brown-out was set by hand')
    return standing(deps)
  },
})

const sales = route({
  method: 'POST',
  path: '/v1/sales/{day}',
  what: "Report a brand's net sales of a day that were made elsewhere: what orders reported to Fanfare do not contain. A later report of the same day replaces it, so it may be repeated. Minutes after the first report of all, also one of 0, the cap on issued points begins to bind.",
  access: 'signed',
  params: z.strictObject({
    day: z.iso.date().describe('Of the platform’s calendar, like 2026-11-30; at most 366 days ago'),
  }),
  body: z.strictObject({ fen: z.int().min(-DAY_FEN_MAX).max(DAY_FEN_MAX) }),
  reply: ok({
    wasFen: z.int().describe('What stood there before'),
    bindsAtMs: Ms.describe('When the cap binds, or began to'),
  }),
  refusals: ['bad_request'],
  async run({ params, body: { fen }, caller: { brand } }, { gate: { store }, clock, rulebook }) {
    const day = Date.parse(params.day) / DAY_MS
    const today = dayBounds(clock.now(), rulebook().book.timeZone).day
    if (day > today || day < today - DAYS_BACK_MAX) return refuse('bad_request', { field: 'day' })
    const report = { brand: await brandNumber(store, brand), day, fen }
    return { ok: true, ...(await reportSales(store, report)) }
  },
})

export const issuanceRoutes = [issuance, brownout, sales]
