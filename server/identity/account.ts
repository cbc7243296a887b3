/** Identities: from what a merchant calls somebody to a random account number, and back only while the link stands. */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { must, randomAccount } from '../kernel/index.ts'
import { Batch, defineScript, type Partitions, readString, type Store } from '../redis/index.ts'
import claimSource from './claim-number.lua'
import { hmacSha256 } from './hmac.ts'
import { accountKey, birthdayKey, linksKey, pepperKey, profileKey, whoseKey } from './keys.ts'
import { COMING_PER_CALL } from './limits.ts'
import { type Begun, dropLinks, markLink, newNonce, point, readLinks, restOf } from './links.ts'
import { ERASED, setProfile } from './profile.ts'
import { type SessionKeys, signing } from './secrets.ts'
import { sealWhose } from './whose.ts'

export interface Identity {
  /** One merchant's `u1` is not another's. */
  brand: string
  kind: 'viewer' | 'phone' | 'openid' | 'mall'
  id: string
}

/** Where identities are, and the pepper of their hashes. */
export interface Registry {
  store: Store
  pepper: Buffer
  partitions: Pick<Partitions, 'slotOf' | 'slots'>
  /** Draws the number of a new account; by chance unless a test wants the same twice. */
  draw?: () => number
}

const claimScript = defineScript({
  name: 'identity.claim_number',
  source: claimSource,
  keys: [],
  args: { profile: 'str' },
  each: {
    keys: ['profile', 'links', 'whose'],
    args: { hash: 'str', nonce: 'str', rest: 'str', sealed: 'str' },
  },
  replies: { claimed: { which: 'list' } },
})

interface Claim {
  keys: { profile: string; links: string; whose: string }
  args: { hash: string; nonce: string; rest: string; sealed: string }
}

/** Answers whether the number was free. */
const claims = new Batch<Claim, boolean>(COMING_PER_CALL, async (store, each) => {
  const { which } = await claimScript.run(store, { keys: {}, args: { profile: ERASED }, each })
  return which.map((claimed) => claimed === 1)
})

/** Begins the value of an identity that names nobody any more. */
const UNLINKED = '~'
const IV = 12
const TAG = 16

function wrap(pepper: Buffer, keys: SessionKeys): string {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', signing(keys.wrap), iv)
  return Buffer.concat([iv, cipher.update(pepper), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  )
}

function unwrap(wrapped: string, keys: SessionKeys): { pepper: Buffer; newest: boolean } {
  const bytes = Buffer.from(wrapped, 'base64url')
  for (const [i, key] of keys.wrap.entries()) {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV))
    decipher.setAuthTag(bytes.subarray(-TAG))
    try {
      const pepper = Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()])
      return { pepper, newest: i === 0 }
    } catch {
      // Wrapped with another secret of the list, or with none of them.
    }
  }
  throw new Error(
    'the session secret is not the one this data was made with: keep the old one after a comma, or nobody would find the own account again',
  )
}

/**
 * The pepper of identity hashes: random, made with the data, kept there encrypted with the session secret. So
 * a copy of the data alone does not tell whose account is whose, and a new session secret moves no account.
 * Throws where none of the secrets opens it.
 */
export async function openPepper(store: Store, keys: SessionKeys): Promise<Buffer> {
  const fresh = randomBytes(32)
  const kept = await store.set(pepperKey, wrap(fresh, keys), 'NX', 'GET')
  if (kept === null) return fresh
  const { pepper, newest } = unwrap(kept, keys)
  if (!newest) await store.set(pepperKey, wrap(pepper, keys))
  return pepper
}

/** What stands in keys for an identity: 43 characters, the same for as long as the data lives. */
export const identityHash = (pepper: Buffer, { brand, kind, id }: Identity): string =>
  hmacSha256(pepper, JSON.stringify([brand, kind, id]))

/** The account of an identity, or undefined where it has none. */
export async function findAccount(
  { store, pepper }: Registry,
  identity: Identity,
): Promise<number | undefined> {
  return accountOf(store, identityHash(pepper, identity))
}

async function accountOf(store: Store, hash: string): Promise<number | undefined> {
  const found = await readString(store, accountKey(hash))
  return found === null || found.startsWith(UNLINKED) ? undefined : Number(found)
}

/**
 * The account of an identity, made now where it has none. Two at once get the same; no two identities
 * ever share a number by chance, because the number is claimed in its partition before it is linked. `whose` is what
 * a new account leads back to, where that is another identity of the same person.
 */
export async function resolveAccount(
  registry: Registry,
  identity: Identity,
  whose: Identity = identity,
): Promise<number> {
  const { account, link } = await findOrMake(registry, identity, whose)
  if (link) await markLink(registry, account, { ...link, state: 'linked' })
  return account
}

/** The same for who enters: the link of an account that was made is still to be marked as done. */
export async function findOrMake(
  registry: Registry,
  identity: Identity,
  whose: Identity = identity,
): Promise<{ account: number; link?: Begun }> {
  const { store, pepper, partitions } = registry
  const hash = identityHash(pepper, identity)
  const known = await accountOf(store, hash)
  if (known !== undefined) return { account: known }
  const link = { hash, nonce: newNonce() }
  const candidate = await claimNumber(registry, whose, { ...link, rest: restOf(identity) })
  const owner = await pointFree(registry, candidate, link)
  if (owner === candidate) return { account: owner, link }
  const slot = partitions.slotOf(candidate)
  await store.del(profileKey(slot, candidate), linksKey(slot, candidate), whoseKey(slot, candidate))
  return { account: owner }
}

/** Lets an identity that names nobody name the account; answers whose it is, for another may be quicker. */
async function pointFree(registry: Registry, account: number, link: Begun): Promise<number> {
  const kept = await registry.store.set(accountKey(link.hash), String(account), 'NX', 'GET')
  if (kept === null) return account
  if (!kept.startsWith(UNLINKED)) return Number(kept)
  return must(await point(registry, account, link), 'the owner of a fresh link')
}

/** Eight taken numbers in a row do not happen below 2^40 accounts. */
const CLAIMS_MAX = 8

async function claimNumber(
  { store, pepper, partitions, draw = randomAccount }: Registry,
  whose: Identity,
  link: { hash: string; nonce: string; rest: string },
): Promise<number> {
  let claimed: number | undefined
  for (let i = 0; i < CLAIMS_MAX && claimed === undefined; i++) {
    const candidate = draw()
    const slot = partitions.slotOf(candidate)
    const free = await claims.of(store, slot, {
      keys: {
        profile: profileKey(slot, candidate),
        links: linksKey(slot, candidate),
        whose: whoseKey(slot, candidate),
      },
      args: { ...link, sealed: sealWhose(pepper, candidate, whose) },
    })
    if (free) claimed = candidate
  }
  return must(claimed, 'a free account number')
}

/**
 * Erases who an account belonged to: name and every link go, the number stays taken so that journal and archive
 * remain true of nobody else. Repeating it is harmless. Revoke the account first, or its resume tokens would go on.
 * `former` are accounts that were merged into it; `asked` is the identity that named it, which goes last. `forget` is
 * told of each account before anything that leads to it is gone.
 */
export async function eraseAccount(
  registry: Registry,
  account: number,
  {
    former = [],
    asked,
    forget,
  }: {
    former?: readonly number[]
    asked?: Identity
    forget?: (account: number) => Promise<void>
  } = {},
): Promise<void> {
  const { store, partitions, pepper } = registry
  // Also what accounts that were merged into this one still knew.
  const merged = (await readLinks(registry, account)).flatMap(({ was }) => was)
  for (const one of new Set([account, ...former, ...merged])) {
    const slot = partitions.slotOf(one)
    await forget?.(one)
    await setProfile(registry, one, undefined)
    await store.del(whoseKey(slot, one), birthdayKey(slot, one))
  }
  const last = asked && { hash: identityHash(pepper, asked), brand: asked.brand }
  await dropLinks(registry, account, last)
}
