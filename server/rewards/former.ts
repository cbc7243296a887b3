/** Redemptions of accounts that have become one: whoever asks for one of them means it under whichever number it stands. */

import type { Hold } from '../wallet/index.ts'
import { findRef, listRefs, type RefsPage } from './account-list.ts'
import type { RedemptionsOptions } from './deps.ts'
import { holdIdOf } from './finish.ts'
import type { RedemptionRef } from './keys.ts'
import { type Redemption, readRedemption } from './record.ts'

type Options = Pick<RedemptionsOptions, 'store' | 'partitions' | 'wallet' | 'formerOf'>

const formerOf = async ({ formerOf }: Options, account: number) => (await formerOf?.(account)) ?? []

/** Where a redemption of this account, or of one that became one with it, stands. */
export async function findWhose(
  options: Options,
  { account, id }: { account: number; id: string },
): Promise<RedemptionRef | undefined> {
  return (
    (await findIn(options, { account, id })) ??
    (await findInFormer(options, { account, id })).find((ref) => ref !== undefined)
  )
}

async function findInFormer(options: Options, { account, id }: { account: number; id: string }) {
  const former = await formerOf(options, account)
  return Promise.all(former.map((one) => findIn(options, { account: one, id })))
}

/** The hold knows which reward it was for; a prize has none. */
async function findIn(
  options: Options,
  { account, id }: { account: number; id: string },
): Promise<RedemptionRef | undefined> {
  const hold = await holdIn(options, { account, id })
  if (!hold) return findRef(options, { account, id })
  return hold.use === 'redemption' ? { reward: hold.subject, account, id } : undefined
}

const holdIn = ({ wallet }: Options, of: { account: number; id: string }) =>
  wallet.readHold({ account: of.account, id: holdIdOf({ reward: '', ...of }) })

/** What a tap of before a merge came to: its redemption, or the hold of one that is still on its way. */
export async function tappedBefore(
  options: Options,
  { account, id }: RedemptionRef,
): Promise<{ ref: RedemptionRef; redemption: Redemption | undefined; hold: Hold } | undefined> {
  for (const one of await formerOf(options, account)) {
    const hold = await holdIn(options, { account: one, id })
    if (hold?.use !== 'redemption') continue
    const ref = { reward: hold.subject, account: one, id }
    return { ref, hold, redemption: await readRedemption(options.store, ref) }
  }
  return undefined
}

/** A page over all of them, newest first. */
export async function listWhose(
  options: Options,
  { account, before }: { account: number; before?: string },
): Promise<RefsPage> {
  const accounts = [account, ...(await formerOf(options, account))]
  return listRefs(options, { accounts, ...(before !== undefined && { before }) })
}
