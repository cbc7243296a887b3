/** Places of limited tasks: from the goal that a viewer reached to the place in the room to the points in the account. */

import { formatAccount } from '../../shared/ids.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Issuance } from '../governance/index.ts'
import { type Clock, chunks, groupBy, type Log, must } from '../kernel/index.ts'
import { roomSlot, type Shards, type SlotTag, type Store } from '../redis/index.ts'
import { earningNumber, getRoom, type Room } from '../rooms/index.ts'
import {
  type Claim,
  grantTask,
  ONCE_MS,
  readAccount,
  tellGateways,
  toReceipt,
} from '../scoring/index.ts'
import { CLAIMS_PER_CALL, claimPlaces } from '../tasks/index.ts'
import type { Consumer } from './consumer.ts'
import type { JournalElement } from './element.ts'
import { DURABLE_WAIT_MS } from './limits.ts'
import type { RoomOf } from './places.ts'
import type { Skim } from './reading.ts'

export interface ClaimsOptions {
  store: Store
  shards: Shards
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
  skim: Skim
  clock: Clock
  log: Log
  journalMax: number
  /** The platform's; any number of points without it. */
  issuance?: Issuance
  /** Tests score with a time of their own. */
  nowMs?: () => number
}

interface Pending {
  /** When it was journalled, ms. */
  sinceMs: number
  account: number
  live: number
  claim: Claim
}

const DURABLE_POLL_MS = 20

const timeOf = ({ nowMs }: ClaimsOptions) => (nowMs ? { nowMs: nowMs() } : {})

/** The account still waits for its place. Whether it was paid is remembered by id for a day, and here for two. */
async function isClaiming(
  options: ClaimsOptions,
  { account, live, claim }: Pending,
  { slot, room }: { slot: SlotTag; room: Room },
): Promise<boolean> {
  const reading = await readAccount(options.store, {
    slot,
    account,
    live,
    session: { startMs: 0, nonce: 0 },
    timeZone: room.timeZone,
    aroundMs: options.clock.now(),
    ...timeOf(options),
  })
  const task = reading?.state.tasks.find((one) => one.task === claim.task)
  return task?.state === 'claiming'
}

/** Pays a place, or says that there was none, once however often it is repeated; tells the viewer's devices. */
async function grant(
  options: ClaimsOptions,
  pending: Pending,
  { slot, room, rank }: { slot: SlotTag; room: Room; rank: number },
): Promise<void> {
  const { store, clock, log, journalMax } = options
  const { account, live, claim } = pending
  const { task, points, growth } = claim
  const old = clock.now() - pending.sinceMs > ONCE_MS / 2
  if (old && !(await isClaiming(options, pending, { slot, room }))) {
    log.error({ account, task }, 'an old claim was paid or forgotten, and is passed over')
    return
  }
  const published = options.rulebook()
  const reply = await grantTask(store, {
    slot,
    account,
    live,
    issuer: await earningNumber(store, room, published.book.wallet.pool),
    timeZone: room.timeZone,
    place: { task, rank, points, growth },
    published,
    journalMax,
    cap: options.issuance,
    aroundMs: clock.now(),
    ...timeOf(options),
  })
  if (reply.tag === 'busy') throw new Error('the journal is full, or no lease of the cap came')
  if (reply.tag !== 'applied' && reply.tag !== 'replayed') {
    log.error({ account, task, reply: reply.tag }, 'a place could not be paid')
    return
  }
  const receipts = reply.entry.receipts.map((stored) =>
    toReceipt(stored, { book: published.book, rulebook: reply.entry.rulebook, atMs: reply.atMs }),
  )
  tellGateways(store, reply.gateways, { account, receipts })
}

export function claimsConsumer(options: ClaimsOptions): Consumer {
  const { store, shards, clock, log, skim, roomOf } = options

  function pendingOf(elements: readonly JournalElement[]): Pending[] {
    const pending: Pending[] = []
    for (const element of elements)
      for (const { account, live, claims } of skim(element)?.entries ?? [])
        for (const claim of claims) pending.push({ sinceMs: element.id.ms, account, live, claim })
    return pending
  }

  /**
   * A place that the room forgets must not have been paid, or it is given twice. On the account's own master
   * that cannot be: the same file keeps both, in order. Otherwise the place has to be durable first.
   */
  async function certain(room: string, slot: SlotTag, atMs: number): Promise<void> {
    const shard = shards.indexOfSlot(roomSlot(room))
    if (shard === shards.indexOfSlot(slot)) return
    const epoch = shards.epoch(shard)
    for (let waited = 0; waited < DURABLE_WAIT_MS; waited += DURABLE_POLL_MS) {
      if (shards.epoch(shard) !== epoch) break
      if ((shards.durableAt()[shard] ?? 0) >= atMs) return
      await clock.sleep(DURABLE_POLL_MS)
    }
    throw new Error('places are not certain yet')
  }

  /** Claims on one task, in the order in which they were reached in this partition. */
  async function settle(slot: SlotTag, room: Room, claims: readonly Pending[]): Promise<void> {
    const task = must(claims[0], 'a claim').claim.task
    const answer = await claimPlaces(store, {
      room: room.id,
      task,
      claims: claims.map(({ account, claim }) => ({
        account: formatAccount(account),
        reachedAtMs: claim.reachedAtMs,
      })),
      ...timeOf(options),
    })
    if (!answer.ok) {
      log.error({ room: room.id, task, code: answer.code }, 'places could not be claimed')
      return
    }
    if (answer.places.some((place) => place.state === 'won'))
      await certain(room.id, slot, answer.atMs)
    await Promise.all(
      claims.map((pending, i) => {
        const place = must(answer.places[i], 'a place')
        const rank = place.state === 'won' ? place.rank : 0
        return grant(options, pending, { slot, room, rank })
      }),
    )
  }

  return {
    kind: 'claims',
    everyMs: 0,
    durableOnly: false,
    async handle({ slot }, elements) {
      const byTask = groupBy(pendingOf(elements), ({ live, claim }) => `${live} ${claim.task}`)
      for (const claims of byTask.values()) {
        const id = await roomOf(must(claims[0], 'a claim').live)
        const room = id === undefined ? undefined : await getRoom(store, id)
        if (!room) {
          log.error({ claims: claims.length }, 'claims of a live whose room is not known')
          continue
        }
        for (const some of chunks(claims, CLAIMS_PER_CALL)) await settle(slot, room, some)
      }
      return elements.length
    },
  }
}
