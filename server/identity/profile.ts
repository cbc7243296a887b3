/** Profiles: the only place that knows an account's name. */

import { z } from 'zod'
import { assert } from '../kernel/index.ts'
import { accountsBySlot, type Partitions, type Store } from '../redis/index.ts'
import { profileKey } from './keys.ts'
import { PROFILES_MAX } from './limits.ts'

export interface Profile {
  name: string
  /** The name is not to be announced. */
  optOut: boolean
}

/** A number that is taken and has no profile: just claimed, or erased. */
export const ERASED = '{}'

const Stored = z.object({ name: z.string(), optOut: z.boolean() })

export interface Profiles {
  store: Store
  partitions: Pick<Partitions, 'slotOf'>
}

/** As it is kept. */
export const profileText = ({ name, optOut }: Profile): string =>
  JSON.stringify({ name, optOut } satisfies Profile)

export async function setProfile(
  { store, partitions }: Profiles,
  account: number,
  profile: Profile,
): Promise<void> {
  await store.set(profileKey(partitions.slotOf(account), account), profileText(profile))
}

/** Profiles of up to 500 accounts, one command per partition; who has none or was erased is missing. */
export async function readProfiles(
  { store, partitions }: Profiles,
  accounts: readonly number[],
): Promise<Map<number, Profile>> {
  assert(accounts.length <= PROFILES_MAX, `at most ${PROFILES_MAX} profiles in one call`)
  const found = new Map<number, Profile>()
  await Promise.all(
    [...accountsBySlot(partitions, accounts)].map(async ([slot, list]) => {
      const texts = await store.mget(list.map((account) => profileKey(slot, account)))
      list.forEach((account, i) => {
        const profile = Stored.safeParse(JSON.parse(texts[i] ?? ERASED))
        if (profile.success) found.set(account, profile.data)
      })
    }),
  )
  return found
}
