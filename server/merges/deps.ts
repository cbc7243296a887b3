/** What merges are composed of; server/app puts it together. */

import type { Cause } from '../../shared/ledger.ts'
import type { Registry } from '../identity/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Certain } from '../redis/index.ts'
import type { Wallets } from '../wallet/index.ts'

/** What an account has. */
export interface Standing {
  balance: { spendable: number; session: number; pending: number; held: number; frozen: number }
  growth: number
  frozen: boolean
}

export interface MergesDeps {
  registry: Registry
  wallets: Pick<Wallets, 'hold' | 'capture' | 'issue' | 'readHold'>
  read: (account: number) => Promise<Standing>
  /** Once per account and id; answers how much it was, and the rung before. */
  changeGrowth: (change: {
    account: number
    id: string
    growth: number
    cause: Cause
    subject: string
    firstOrder?: boolean
    leastRung?: number
  }) => Promise<{ growth: number; firstOrder: boolean; rung: number }>
  /**
   * Resolves when what happened in a slot survives a crash of it, or crashes together with the other slot; throws
   * where that takes too long. Without it nothing is waited for.
   */
  certain?: Certain
  clock: Clock
  log: Log
}
