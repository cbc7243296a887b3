/** Routes of the demo's shop: points to begin with, a purchase, and the key of its clerk. Real but for the money. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { resolveAccount, viewerIdentity } from '../../identity/index.ts'
import { must } from '../../kernel/index.ts'
import { createClerk, DEMO_POINT, listClerks, revokeClerk } from '../../rewards/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { ReceiptShape } from '../shapes/account.ts'
import { AmountFen, Id, Ms, ok } from '../shapes/basics.ts'

const DEMO = 'only where there is a demo'
/** With an order of 200 yuan it is just enough for the oatmeal. */
export const WELCOME_POINTS = 1650
const PURCHASE_FEN_MAX = 100_000
const WELCOME_NOTES = { zh: '演示体验积分', en: 'Points to try the demo with' } as const
const CLERK_NAMES = ['张姐', '小梅', '老周', '阿芳']

async function visitorOf(deps: ApiDeps, viewer: string) {
  const { room, brand } = must(deps.demo, DEMO)
  const account = await resolveAccount(deps.gate, viewerIdentity({ brand, viewer }))
  return { room, brand, account }
}

const welcome = route({
  method: 'POST',
  path: '/v1/demo/welcome',
  what: 'Points to begin with, once for each visitor of the demo.',
  access: 'demo',
  body: z.strictObject({
    viewer: Id,
    lang: z
      .enum(['zh', 'en'])
      .exactOptional()
      .describe('Of the note in the history; zh without it'),
  }),
  reply: ok({ points: z.int(), dup: z.literal(true).exactOptional() }),
  refusals: ['busy', 'rate_limited'],
  async run({ body: { viewer, lang = 'zh' } }, deps) {
    const { account, brand } = await visitorOf(deps, viewer)
    const issuer = await brandNumber(deps.gate.store, brand)
    const answer = await deps.wallets.issue({
      account,
      id: 'demo-welcome',
      lots: [{ issuer, points: WELCOME_POINTS }],
      cause: 'adjusted',
      by: 'demo',
      at: issuer,
      note: WELCOME_NOTES[lang],
    })
    if (!answer.ok) return answer
    return { ok: true, points: WELCOME_POINTS, ...(answer.dup && { dup: true as const }) }
  },
})

const purchase = route({
  method: 'POST',
  path: '/v1/demo/purchase',
  what: 'The visitor buys something in the demo room; no money moves, all else is as for a paid order.',
  access: 'demo',
  body: z.strictObject({
    viewer: Id,
    order: Id.describe('Chosen by the page: a repeat is the same order'),
    amountFen: AmountFen.max(PURCHASE_FEN_MAX),
  }),
  reply: ok({ receipts: z.array(ReceiptShape), atMs: Ms }),
  refusals: ['room_ended', 'id_conflict', 'busy', 'rate_limited'],
  async run({ body }, deps) {
    const { account, brand, room } = await visitorOf(deps, body.viewer)
    const answer = await deps.accounts.scoreEvent({
      id: `event-demo-${body.order}`,
      body: JSON.stringify(body),
      account,
      brand,
      room,
      action: 'purchase',
      units: body.amountFen,
      order: `demo-${body.order}`,
    })
    if (!answer.ok) return answer
    return { ok: true, receipts: answer.receipts, atMs: answer.atMs }
  },
})

const clerkKey = route({
  method: 'POST',
  path: '/v1/demo/clerk-key',
  what: "The key of a clerk at the demo's pick-up point; the oldest gives way where there are too many.",
  access: 'demo',
  reply: ok({ key: z.string(), point: Id }),
  refusals: ['room_full', 'rate_limited'],
  async run({ nowMs }, deps) {
    must(deps.demo, DEMO)
    const { store } = deps.gate
    const all = await listClerks(store, DEMO_POINT)
    const label = CLERK_NAMES[all.length % CLERK_NAMES.length] ?? 'demo'
    const wanted = { point: DEMO_POINT, label, nowMs }
    const first = await createClerk(store, wanted)
    if (first) return { ok: true, key: first.key, point: DEMO_POINT }
    const [oldest] = all
    if (oldest) await revokeClerk(store, { point: DEMO_POINT, id: oldest.id })
    const second = await createClerk(store, wanted)
    return second ? { ok: true, key: second.key, point: DEMO_POINT } : refuse('room_full')
  },
})

export const demoShopRoutes = [welcome, purchase, clerkKey]
