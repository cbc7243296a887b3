/** Who bears a name: found by its keyed hash, partition by partition, without reading anybody else. */

import { formatAccount, parseAccount } from '../../shared/ids.ts'
import type { Registry } from './account.ts'
import { hmacSha256 } from './hmac.ts'
import { namesKey } from './keys.ts'
import { NAMED_MAX } from './limits.ts'

/** 96 bits of the hash: no two names share them by chance. */
const HASH_CHARS = 16
/** Behind every character of a hash or account number. */
const BEHIND = '~'

/** Case, width and spaces do not tell names apart. */
const fold = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/\s/gu, '')

const hashOf = (pepper: Buffer, name: string): string =>
  hmacSha256(pepper, JSON.stringify(['name', fold(name)])).slice(0, HASH_CHARS)

/** What a partition keeps of a name: nobody reads the name from it who has not the pepper. */
export const namedMember = (pepper: Buffer, account: number, name: string): string =>
  hashOf(pepper, name) + formatAccount(account)

/** Accounts that bear a name now, at most `NAMED_MAX` of a partition. */
export async function findNamed(
  { store, pepper, partitions }: Registry,
  name: string,
): Promise<number[]> {
  const hash = hashOf(pepper, name)
  const found = await Promise.all(
    partitions.slots.map((slot) =>
      store.zrangebylex(namesKey(slot), `[${hash}`, `(${hash}${BEHIND}`, 'LIMIT', 0, NAMED_MAX),
    ),
  )
  return found.flat().flatMap((member) => {
    const account = parseAccount(member.slice(HASH_CHARS))
    return account === undefined ? [] : [account]
  })
}
