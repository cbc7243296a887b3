/** What is kept of a viewer whom a ticket lets in: the profile, and that the link of a new account is made. */

import { Batch, defineScript, readString } from '../redis/index.ts'
import source from './enter.lua'
import { linksKey, profileKey } from './keys.ts'
import { COMING_PER_CALL } from './limits.ts'
import type { Begun } from './links.ts'
import { type Profile, type Profiles, profileText, setProfile } from './profile.ts'

const script = defineScript({
  name: 'identity.enter',
  source,
  keys: [],
  args: {},
  each: { keys: ['profile', 'links'], args: { said: 'str', hash: 'str', nonce: 'str' } },
  replies: { entered: {} },
})

interface Entering {
  keys: { profile: string; links: string }
  args: { said: string; hash: string; nonce: string }
}

const entries = new Batch<Entering, true>(COMING_PER_CALL, async (store, each) => {
  await script.run(store, { keys: {}, args: {}, each })
  return each.map(() => true as const)
})

/** The first visit, for which the account was made. Repeating it is harmless; of who was erased meanwhile nothing is kept. */
export async function enterFirst(
  { store, partitions }: Profiles,
  account: number,
  { profile, link }: { profile: Profile; link: Begun },
): Promise<void> {
  const slot = partitions.slotOf(account)
  await entries.of(store, slot, {
    keys: { profile: profileKey(slot, account), links: linksKey(slot, account) },
    args: { said: profileText(profile), hash: link.hash, nonce: link.nonce },
  })
}

/** Any other visit: the profile is nearly always the same. */
export async function enterAgain(of: Profiles, account: number, profile: Profile): Promise<void> {
  const kept = await readString(of.store, profileKey(of.partitions.slotOf(account), account))
  if (kept !== profileText(profile)) await setProfile(of, account, profile)
}
