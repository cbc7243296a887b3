/** Puts fan clubs together: hosts and their numbers, the wallet that pays, and the budget of a live. */

import { createHash } from 'node:crypto'
import { Clubs } from '../clubs/index.ts'
import type { Core } from '../core.ts'
import { leaseBudget } from '../governance/index.ts'
import { certainBy } from '../redis/index.ts'
import { earningNumber } from '../rooms/index.ts'
import type { AccountChange, Accounts } from '../scoring/index.ts'
import {
  accountKey,
  journalKey,
  packKept,
  readAccountRecord,
  type Wallets,
} from '../wallet/index.ts'

/** The ladder of the platform, in accounts. */
const PLATFORM_LADDER = 1
/** Among those who lease from a live's budget: gateways have numbers from 1 on. */
const CLUBS_LEASE = 0

export interface ClubsOf {
  core: Pick<Core, 'store' | 'partitions' | 'shards' | 'clock' | 'log' | 'rulebook'>
  accounts: Pick<Accounts, 'changeGrowth'>
  wallets: Pick<Wallets, 'issue' | 'hold' | 'capture' | 'void'>
  tell: (change: AccountChange) => Promise<void>
  nowMs?: () => number
}

/** A whole promise of a task, or none of it. What a task promised is not given back to the live. */
export const leaseFor =
  ({ store, rulebook }: Pick<Core, 'store' | 'rulebook'>, nowMs?: () => number) =>
  async (of: { room: string; live: number; id: string; points: number }): Promise<boolean> => {
    const most = rulebook().book.budget?.points
    if (most === undefined) return true
    const { room, live, id, points } = of
    const incarnation = createHash('sha256').update(id).digest('hex').slice(0, 12)
    const ask = {
      ...{ room, live, most, gateway: CLUBS_LEASE, incarnation },
      ...(nowMs && { nowMs: nowMs() }),
    }
    const asked = { sequence: 1, leased: 0, paid: 0, need: points, want: points }
    const lease = await leaseBudget(store, { ...ask, ...asked })
    // The live is over: nothing of it is promised.
    if (!lease || lease.leased === points) return true
    const none = { sequence: 2, leased: 0, paid: 0, need: 0, want: 0 }
    await leaseBudget(store, { ...ask, ...none })
    return false
  }

function rungOf(bytes: Buffer | null): number {
  try {
    const record = bytes ? readAccountRecord(bytes) : undefined
    return record?.ladders.find(({ ladder }) => ladder === PLATFORM_LADDER)?.rung ?? 0
  } catch {
    // The audit names it.
    return 0
  }
}

/** A host keeps its number; of so many rooms it is remembered. */
const ROOMS_KNOWN = 5000

function rememberHosts() {
  const known = new Map<string, number>()
  return async (store: Core['store'], room: Parameters<typeof earningNumber>[1]) => {
    const name = `${room.id} ${room.host}`
    const found = known.get(name) ?? (await earningNumber(store, room, 'host'))
    if (known.size >= ROOMS_KNOWN) known.clear()
    known.set(name, found)
    return found
  }
}

export function composeClubs({ core, accounts, wallets, tell, nowMs }: ClubsOf): Clubs {
  const { store, partitions, log } = core
  const clubOf = rememberHosts()
  return new Clubs({
    ...core,
    wallets,
    journalOf: journalKey,
    packKept,
    ...(nowMs && { nowMs }),
    async placeOf(room) {
      const { id, live, brandNo, local } = room
      const club = await clubOf(store, room)
      const issuer = await earningNumber(store, room, core.rulebook().book.wallet.pool)
      return { room: id, live, club, brandNo, issuer, local }
    },
    changeGrowth: (change) => accounts.changeGrowth(change),
    certain: certainBy(core),
    async rungsOf(asked) {
      const bytes = await Promise.all(
        asked.map((account) => store.getBuffer(accountKey(partitions.slotOf(account), account))),
      )
      return new Map(asked.map((account, i) => [account, rungOf(bytes[i] ?? null)]))
    },
    lease: leaseFor(core, nowMs),
    tell: (account) => tell({ account, receipts: [] }),
    onError: (error) => log.warn({ err: error }, 'something of a fan club waits for the next look'),
  })
}
