/** Puts team tasks together: names, accounts that became one, and the wallet that pays. */

import type { Core } from '../core.ts'
import { namelessAs, PROFILES_MAX, readProfiles } from '../identity/index.ts'
import { chunks } from '../kernel/index.ts'
import { settledIn } from '../merges/index.ts'
import { certainBy } from '../redis/index.ts'
import type { AccountChange } from '../scoring/index.ts'
import { Teams } from '../teams/index.ts'
import type { Wallets } from '../wallet/index.ts'

export interface TeamsOf {
  core: Pick<Core, 'store' | 'partitions' | 'shards' | 'clock' | 'log' | 'rulebook'>
  wallets: Pick<Wallets, 'issue'>
  tell: (change: AccountChange) => Promise<void>
  nowMs?: () => number
}

export function composeTeams({ core, wallets, tell, nowMs }: TeamsOf): Teams {
  const { store, log } = core
  return new Teams({
    ...core,
    wallets,
    ...(nowMs && { nowMs }),
    certain: certainBy(core),
    settledIn: (account) => settledIn(store, account),
    async namesOf(accounts) {
      const names = new Map(accounts.map((account) => [account, namelessAs(account)]))
      for (const some of chunks(accounts, PROFILES_MAX))
        for (const [account, { name, optOut }] of await readProfiles(core, some))
          if (!optOut && name !== '') names.set(account, name)
      return names
    },
    tell: (account) => tell({ account, receipts: [] }),
    onError: (error) => log.warn({ err: error }, 'something of a team waits for the next look'),
  })
}
