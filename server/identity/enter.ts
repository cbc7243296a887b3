/** What is kept of a viewer whom a ticket lets in: the profile, and that the link of a new account is made. */

import { Batch, defineScript } from '../redis/index.ts'
import type { Registry } from './account.ts'
import source from './enter.lua'
import { linksKey, namesKey, profileKey } from './keys.ts'
import { COMING_PER_CALL } from './limits.ts'
import type { Begun } from './links.ts'
import { namedMember } from './named.ts'
import { type Profile, profileText } from './profile.ts'

const script = defineScript({
  name: 'identity.enter',
  source,
  keys: [],
  args: {},
  each: {
    keys: ['profile', 'links', 'names'],
    args: { said: 'str', member: 'str', hash: 'str', nonce: 'str' },
  },
  replies: { entered: {} },
})

interface Entering {
  keys: { profile: string; links: string; names: string }
  args: { said: string; member: string; hash: string; nonce: string }
}

const entries = new Batch<Entering, true>(COMING_PER_CALL, async (store, each) => {
  await script.run(store, { keys: {}, args: {}, each })
  return each.map(() => true as const)
})

/** The first visit, for which the account was made. Repeating it is harmless; of who was erased meanwhile nothing is kept. */
export async function enterFirst(
  { store, pepper, partitions }: Registry,
  account: number,
  { profile, link }: { profile: Profile; link: Begun },
): Promise<void> {
  const slot = partitions.slotOf(account)
  await entries.of(store, slot, {
    keys: {
      profile: profileKey(slot, account),
      links: linksKey(slot, account),
      names: namesKey(slot),
    },
    args: {
      said: profileText(profile),
      member: namedMember(pepper, account, profile.name),
      hash: link.hash,
      nonce: link.nonce,
    },
  })
}
