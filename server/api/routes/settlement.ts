/** Routes of sums over all accounts: who owes whom, and that no point is lost or made. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { parseAccount } from '../../../shared/ids.ts'
import { readIssuers } from '../../rooms/index.ts'
import { imbalance, type Owed, sumsOfAccount } from '../../wallet/index.ts'
import { route } from '../route.ts'
import { ok } from '../shapes/basics.ts'
import { Balances, Flows } from '../shapes/wallet.ts'

/** By brands: what is a room's or a host's is its brand's to settle, and within a brand nobody owes anybody. */
function owedBetween(owed: readonly Owed[], brandOf: (no: number) => string) {
  const lines = new Map<string, { owes: string; to: string; points: number }>()
  for (const { issuer, at, points } of owed) {
    const owes = brandOf(issuer)
    const to = brandOf(at)
    if (at === 0 || owes === to) continue
    const key = `${owes} ${to}`
    lines.set(key, { owes, to, points: (lines.get(key)?.points ?? 0) + points })
  }
  return [...lines.values()].filter(({ points }) => points !== 0)
}

const settlement = route({
  method: 'GET',
  path: '/v1/settlement',
  what: 'Who owes whom in the coalition: points spent at a brand that another has issued, less refunds.',
  access: 'platform',
  reply: ok({
    lines: z.array(
      z.object({
        owes: z.string().describe('Brand that issued the points'),
        to: z.string().describe('Brand where they were spent'),
        points: z.int(),
        fen: z.int(),
      }),
    ),
  }),
  refusals: ['forbidden'],
  async run(_, deps) {
    const owed = await deps.settlement()
    const owners = await readIssuers(
      deps.gate.store,
      owed.flatMap(({ issuer, at }) => [issuer, at]),
    )
    const { pointValueFen } = deps.rulebook().book
    const lines = owedBetween(owed, (no) => owners.get(no)?.brand ?? `#${no}`)
    return { ok: true, lines: lines.map((line) => ({ ...line, fen: line.points * pointValueFen })) }
  },
})

export const conservation = route({
  method: 'GET',
  path: '/v1/conservation',
  what: 'Both sides of the equation that always holds: issued + transferredIn = spendable + session + pending + held + frozen + spent + expired + revoked + transferredOut. Of all accounts, or of one.',
  access: 'platform',
  query: z.strictObject({ number: z.string().optional().describe('Number of one account') }),
  reply: ok({
    holds: z.boolean(),
    totals: z.object({ ...Flows.shape, ...Balances.shape }),
  }),
  refusals: ['forbidden', 'bad_request'],
  async run({ query: { number } }, deps) {
    const account = number === undefined ? undefined : parseAccount(number)
    if (number !== undefined && account === undefined)
      return refuse('bad_request', { field: 'number' })
    const totals =
      account === undefined
        ? await deps.conservation()
        : sumsOfAccount(await deps.wallets.readRecord(account))
    return { ok: true, holds: imbalance(totals) === 0, totals }
  },
})

export const settlementRoutes = [settlement, conservation]
