/** Profiles: the only place that knows an account's name. */

import { z } from 'zod'
import { assert } from '../kernel/index.ts'
import {
  accountsBySlot,
  defineScript,
  type Partitions,
  readString,
  type Store,
} from '../redis/index.ts'
import type { Registry } from './account.ts'
import { namesKey, profileKey } from './keys.ts'
import { PROFILES_MAX } from './limits.ts'
import { namedMember } from './named.ts'
import source from './set-profile.lua'

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

const script = defineScript({
  name: 'identity.set_profile',
  source,
  keys: ['profile', 'names'],
  args: { was: 'str', said: 'str', from: 'str', to: 'str' },
  replies: { set: {}, changed: {} },
})

/** Tickets of one viewer that come at the same moment with other names. */
const TRIES_MAX = 8

/** Keeps what an account is called, nearly always as it is kept already; undefined erases it. */
export async function setProfile(
  { store, pepper, partitions }: Registry,
  account: number,
  profile: Profile | undefined,
): Promise<void> {
  const slot = partitions.slotOf(account)
  const keys = { profile: profileKey(slot, account), names: namesKey(slot) }
  const said = profile ? profileText(profile) : ERASED
  const member = (name: string | undefined) =>
    name === undefined ? '' : namedMember(pepper, account, name)
  for (let i = 0; i < TRIES_MAX; i++) {
    const was = (await readString(store, keys.profile)) ?? ''
    if (was === said) return
    const before = readProfile(was)?.name
    const from = before === profile?.name ? '' : member(before)
    const { tag } = await script.run(store, {
      keys,
      args: { was, said, from, to: member(profile?.name) },
    })
    if (tag === 'set') return
  }
  throw new Error('a profile that others change all the time')
}

const readProfile = (text: string): Profile | undefined =>
  Stored.safeParse(JSON.parse(text || ERASED)).data

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
        const profile = readProfile(texts[i] ?? ERASED)
        if (profile) found.set(account, profile)
      })
    }),
  )
  return found
}
