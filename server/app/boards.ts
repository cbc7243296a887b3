/** Puts weekly boards together: whose accounts they are, what they are called, and the wallet that pays. */

import { Boards } from '../boards/index.ts'
import type { Core } from '../core.ts'
import { namelessAs, PROFILES_MAX, readProfiles, readWhose } from '../identity/index.ts'
import { chunks } from '../kernel/index.ts'
import { formerOf, settledIn } from '../merges/index.ts'
import type { Rewards } from '../rewards/index.ts'
import { brandNumber, brandNumbers, readIssuers } from '../rooms/index.ts'
import { accountKey, journalKey, readAccountRecord, type Wallets } from '../wallet/index.ts'
import { cursorsKey } from '../worker/index.ts'

/** The ladder of the platform, in accounts. */
const PLATFORM_LADDER = 1

export interface BoardsOf {
  core: Pick<Core, 'store' | 'partitions' | 'clock' | 'log' | 'rulebook'> & {
    gate: Pick<Core['gate'], 'store' | 'pepper' | 'partitions'>
  }
  wallets: Pick<Wallets, 'issue'>
  redemptions: Pick<Rewards['redemptions'], 'viewsOf'>
  nowMs?: () => number
}

function recordOf(bytes: Buffer | null) {
  try {
    return bytes ? readAccountRecord(bytes) : undefined
  } catch {
    // The audit names it.
    return undefined
  }
}

export function composeBoards({ core, wallets, redemptions, nowMs }: BoardsOf): Boards {
  const { store, partitions, gate } = core
  /** A number never becomes another brand's; there are 65,535 of them. */
  const brands = new Map<number, number>()

  async function learn(issuers: readonly number[]): Promise<void> {
    const found = [...(await readIssuers(store, issuers))]
    const numbers = await brandNumbers(
      store,
      found.map(([, { brand }]) => brand),
    )
    found.forEach(([issuer], i) => {
      const number = numbers[i]
      if (number !== undefined) brands.set(issuer, number)
    })
  }

  return new Boards({
    ...core,
    wallets,
    ...(nowMs && { nowMs }),
    async brandsOf(issuers) {
      const unknown = issuers.filter((issuer) => issuer > 0 && !brands.has(issuer))
      if (unknown.length > 0) await learn(unknown)
      return brands
    },
    async namesOf(accounts) {
      const names = new Map<number, string>()
      for (const some of chunks(accounts, PROFILES_MAX))
        for (const [account, { name, optOut }] of await readProfiles(core, some))
          names.set(account, optOut || name === '' ? namelessAs(account) : name)
      return names
    },
    async standingOf(accounts) {
      const bytes = await Promise.all(
        accounts.map((account) => store.getBuffer(accountKey(partitions.slotOf(account), account))),
      )
      return new Map(
        accounts.map((account, i) => {
          const record = recordOf(bytes[i] ?? null)
          const own = record?.ladders.find(({ ladder }) => ladder === PLATFORM_LADDER)
          return [account, { rung: own?.rung ?? 0, frozen: record?.frozen ?? false }]
        }),
      )
    },
    async formerOf(accounts) {
      const all = await formerOf(store, accounts)
      return new Map([...all].map(([one, former]) => [one, former.map(({ account }) => account)]))
    },
    settledIn: (account) => settledIn(store, account),
    async redemptionsOf(refs) {
      const views = await redemptions.viewsOf(refs)
      return views.map(
        (view) =>
          view && {
            title: view.title,
            points: view.points,
            cashFen: view.cashFen,
            state: view.state,
          },
      )
    },
    async brandOf(account) {
      const whose = (await readWhose(gate, [account])).get(account)
      return whose && brandNumber(store, whose.brand)
    },
    besideOf: (slot) => ({ cursors: cursorsKey(slot), journal: journalKey(slot) }),
  })
}
