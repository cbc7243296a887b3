/** Does what follows from behaviour: each under an id of its own, so that doing it again is harmless. */

import { createHmac } from 'node:crypto'
import { type Behaviour, busiestHours } from '../../shared/behaviour.ts'
import { formatAccount } from '../../shared/ids.ts'
import { OFFER_TASK, type OfferView } from '../../shared/offers.ts'
import type { Offer, SegmentPack } from '../../shared/rulebook/targeting.ts'
import type { Consequence } from '../../shared/segments.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import type { Todo } from '../redis/index.ts'
import { bothOf, type Spot, type TargetingDeps } from './deps.ts'

const NOWHERE: Spot = { brandNo: 0, issuer: 0 }
const ID_LENGTH = 20

/** As the merchant is told what waits for the viewer. */
const toldPack = ({ kind, points, gifts, given }: SegmentPack) => ({
  kind,
  points,
  gifts: gifts.map(({ id }) => id),
  given,
})

const viewOf = (
  { id, label: title, ask: action, points }: Offer,
  of: Pick<OfferView, 'startsAtMs' | 'endsAtMs' | 'state'>,
): OfferView => ({ task: OFFER_TASK, id, title, action, goal: 1, points, growth: 0, ...of })

export async function doConsequence(
  deps: TargetingDeps & { behaviourOf(account: number): Promise<Behaviour | undefined> },
  { account, id, atMs, consequence }: Todo<Consequence>,
): Promise<void> {
  switch (consequence.kind) {
    case 'entered':
    case 'left': {
      const { kind, segment } = consequence
      const { segments } = deps.rulebook().book.targeting
      if (!segments.some((one) => one.id === segment && one.tell)) return
      const behaviour = await deps.behaviourOf(account)
      const replays =
        kind === 'entered' &&
        behaviour &&
        (await deps.replaysOf?.(behaviour.rooms.map(({ id }) => id)))
      const promised = kind === 'entered' ? consequence.promised : undefined
      await deps.tellMerchant({
        account,
        type: `segment.${kind}`,
        id: `seg-${formatAccount(account)}-${id}`,
        atMs,
        data: {
          segment,
          ...(promised && { pack: toldPack(promised) }),
          ...(behaviour && {
            hours: busiestHours(behaviour),
            rooms: behaviour.rooms.map((room) => room.id),
            ...(replays && replays.length > 0 && { replays }),
            kinds: behaviour.kinds.map((kind) => kind.id),
          }),
        },
      })
      return
    }
    case 'pack': {
      const { segment, day, room, pack } = consequence
      const at = (await deps.spotOf({ account, room })) ?? NOWHERE
      const view = await deps.packs.give({ account, field: `${segment}-${day}`, pack, at })
      await deps.tell({ account, pack: view })
      return
    }
    case 'freeze': {
      const { segment, day, label } = consequence
      const note = bothOf(label)
      const frozen = await deps.wallets.freeze({
        account,
        id: `segment-${segment}-${day}`,
        freeze: true,
        by: 'segments',
        note,
      })
      if (!frozen.ok) throw new Error(`an account could not be frozen: ${frozen.code}`)
      return
    }
    case 'offer': {
      const { offer, untilMs } = consequence
      await deps.tell({
        account,
        offer: viewOf(offer, {
          startsAtMs: untilMs - offer.minutes * MINUTE_MS,
          endsAtMs: untilMs,
          state: 'open',
        }),
      })
      return
    }
    case 'grant': {
      const { offer, live, room } = consequence
      await grant(deps, { account, offer, live, room })
      await deps.tell({
        account,
        offer: viewOf(offer, { startsAtMs: atMs, endsAtMs: atMs, state: 'won' }),
      })
      return
    }
    default:
      consequence satisfies never
  }
}

/** Under an id made of what may be had once: for ever, or in a live. */
async function grant(
  { pepper, wallets, spotOf }: TargetingDeps,
  { account, offer, live, room }: { account: number; offer: Offer; live: number; room: string },
): Promise<void> {
  const { brandNo, issuer } = (await spotOf({ account, room })) ?? NOWHERE
  const what = `offer ${account} ${offer.id} ${offer.often === 'live' ? live : 'ever'}`
  const hash = createHmac('sha256', pepper).update(what).digest('hex').slice(0, ID_LENGTH)
  const issued = await wallets.issue({
    account,
    id: `offer-${hash}`,
    lots: [{ issuer, points: offer.points }],
    cause: 'offer',
    subject: offer.id,
    at: brandNo,
    note: bothOf(offer.label),
  })
  // Another amount under the id: it had been paid before the rulebook changed.
  if (!issued.ok && issued.code !== 'id_conflict')
    throw new Error(`an offer could not be paid: ${issued.code}`)
}
