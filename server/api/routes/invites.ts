/** Routes of invites: who brought whom. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { formatAccount, parseAccount } from '../../../shared/ids.ts'
import { SUSPICIONS } from '../../../shared/invites.ts'
import { INVITE_STEPS } from '../../../shared/rulebook/invite.ts'
import { readWhose, resolveAccount, viewerIdentity } from '../../identity/index.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { accountOfNumber } from './account-of.ts'

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

const AccountNumber = z
  .string()
  .regex(/^[0-9a-z]{10}$/)
  .describe('Account number')

const held = route({
  method: 'GET',
  path: '/v1/invites/held',
  what: 'Invites that look made up, oldest first, at most 200, and whether there are more: nobody is paid until somebody has looked at them or the promise ends.',
  access: 'operator',
  reply: ok({
    invites: z.array(
      z.object({
        inviter: AccountNumber,
        invited: AccountNumber,
        heldAtMs: Ms,
        points: Count.describe('Of the inviter, pending'),
        frozen: z.boolean().describe('The inviter is frozen, by this or by an operator'),
        suspicions: z
          .array(z.enum(SUSPICIONS))
          .describe(
            '`network`: too many friends on one network; `burst`: too many at once; `idle`: earlier friends hardly watched and never came back',
          ),
      }),
    ),
    more: z
      .boolean()
      .describe('There are others, or may be: they are listed when these have been judged'),
  }),
  refusals: [],
  async run({ caller }, deps) {
    const { invites: own, more } = await deps.invites.held(async (inviters) => {
      const whose = await readWhose(deps.gate, [...new Set(inviters)])
      return new Set(inviters.filter((inviter) => whose.get(inviter)?.brand === caller.brand))
    })
    const invites = await Promise.all(
      own.map(async ({ inviter, invited, suspicions, ...rest }) => ({
        ...rest,
        inviter: formatAccount(inviter),
        invited: formatAccount(invited),
        frozen: (await deps.wallets.readRecord(inviter)).frozen,
        suspicions: [...suspicions],
      })),
    )
    return { ok: true, invites, more }
  },
})

const judge = route({
  method: 'POST',
  path: '/v1/invites/judge',
  what: 'Say of a held invite whether the friend is real: then it is paid as promised, or it counts for nothing. An account that was frozen for it stays so until `unfreeze`.',
  access: 'operator',
  once: true,
  body: z.strictObject({ invited: AccountNumber, real: z.boolean() }),
  reply: ok({}),
  refusals: ['not_found', 'invite_judged', 'busy'],
  async run({ caller, body: { invited, real } }, deps) {
    const found = await accountOfNumber(deps, caller, invited)
    const number = parseAccount(invited)
    if (!found.ok || number === undefined) return refuse('not_found', { field: 'invited' })
    return deps.invites.judge(number, real)
  },
})

export const inviteRoutes = [invite, held, judge]
