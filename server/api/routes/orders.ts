/** Routes of orders after they were reported: what a refund takes back. */

import { z } from 'zod'
import { route } from '../route.ts'
import { AmountFen, Id, ok } from '../shapes/basics.ts'

const Count = z.int().min(0)
const TakenBack = z
  .object({ due: Count, taken: Count.describe('As far as they were still there') })
  .meta({ id: 'TakenBack' })

const refund = route({
  method: 'POST',
  path: '/v1/orders/{id}/refund',
  what: 'Take back what an order earned, because its money goes back: all of it, or the part that belongs to `amountFen`. Parts add up to the whole and never to more; nothing is taken that is not there, so what was spent, given away or put aside before, or has expired, is missing: keep `withholdFen` of the money that goes back, or whoever orders, spends the points and sends the goods back has them for nothing. Orders can be refunded for a year.',
  access: 'signed',
  once: true,
  params: z.strictObject({ id: Id.describe("The merchant's id of the order") }),
  body: z.strictObject({
    amountFen: AmountFen.optional().describe('Without it, all that is left'),
  }),
  reply: ok({
    dup: z.literal(true).exactOptional().describe('Had been taken back before'),
    amountFen: AmountFen,
    refundedFen: AmountFen.describe('Of this order, over all refunds'),
    points: TakenBack,
    growth: TakenBack,
    withholdFen: z
      .int()
      .min(0)
      .describe(
        'What the points that were not there any more are worth: `due` less `taken`, as the viewer could pay with them at checkout, at most `amountFen`; of an order by parts rounded once, so that all parts keep back what the whole would. The same in each answer of this refund',
      ),
  }),
  refusals: ['not_found', 'refund_too_much', 'id_conflict', 'busy'],
  async run({ caller, params, body, idempotencyKey }, deps) {
    const { amountFen } = body
    return deps.orders.refund({
      brand: caller.brand,
      by: caller.by,
      order: params.id,
      id: idempotencyKey,
      ...(amountFen !== undefined && { amountFen }),
    })
  },
})

export const orderRoutes = [refund]
