/** The route of statements: an account over a period. */

import { z } from 'zod'
import { route } from '../route.ts'
import { Ms, ok } from '../shapes/basics.ts'
import { HistoryEntryShape, IssuersShape } from '../shapes/ledger.ts'
import { Balances } from '../shapes/wallet.ts'
import { accountOf, ViewerParams } from './account-of.ts'

const statement = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/statement',
  what: 'Opening balance, every line, closing balance of a period: the one plus the lines is the other, to the point. The balance at an instant is the statement that begins and ends there.',
  access: 'operator',
  params: ViewerParams,
  query: z.strictObject({
    fromMs: z.coerce.number().int().min(0).default(0),
    toMs: z.coerce.number().int().min(0).optional().describe('Now where left out'),
    before: z
      .string()
      .max(60)
      .optional()
      .describe('`next` of the page before; ask with its fromMs and toMs'),
  }),
  reply: ok({
    fromMs: Ms,
    toMs: Ms,
    opening: Balances,
    closing: Balances,
    entries: z.array(HistoryEntryShape).describe('Newest first'),
    issuers: IssuersShape,
    next: z
      .string()
      .exactOptional()
      .describe('`before` of the next page, which may be empty and have a `next` as well'),
  }),
  refusals: ['not_found', 'archive_elsewhere', 'busy'],
  async run({ caller, params, query: { fromMs, toMs, before } }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    return deps.past.statement({
      account: found.account,
      fromMs,
      ...(toMs !== undefined && { toMs }),
      ...(before !== undefined && { before }),
    })
  },
})

export const statementRoutes = [statement]
