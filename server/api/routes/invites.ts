/** Routes of invites: who brought whom. */

import { z } from 'zod'
import { INVITE_STEPS } from '../../../shared/rulebook/invite.ts'
import { resolveAccount, viewerIdentity } from '../../identity/index.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'

const Count = z.int().min(0)

const invite = route({
  method: 'POST',
  path: '/v1/invites',
  what: 'Say that a viewer invited a friend, before the friend does anything. The inviter sees the points of the rulebook as pending; they become due when the friend has done what it asks, as reported to `POST /v1/events` or seen in rooms, and are dropped where that does not happen in time.',
  access: 'signed',
  once: true,
  body: z.strictObject({
    inviter: Id.describe(
      "The merchant's id of who invites; the account is made where there is none",
    ),
    invited: Id.describe("The merchant's id of the friend"),
  }),
  reply: ok({
    dup: z.literal(true).exactOptional().describe('Had been promised before'),
    points: Count.describe('Of the inviter, pending'),
    invitedPoints: Count.describe('Of the friend, when all is done'),
    due: z.array(z.enum(INVITE_STEPS)).describe('What the friend has to do'),
    untilMs: Ms,
  }),
  refusals: [
    'invites_off',
    'invite_refused',
    'limit_reached',
    'too_many_holds',
    'id_conflict',
    'busy',
  ],
  async run({ caller, body }, deps) {
    const of = (viewer: string) =>
      resolveAccount(deps.gate, viewerIdentity({ brand: caller.brand, viewer }))
    return deps.invites.invite({
      inviter: await of(body.inviter),
      invited: await of(body.invited),
      brand: caller.brand,
      by: caller.by,
    })
  },
})

export const inviteRoutes = [invite]
