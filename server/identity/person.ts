/** One person under several identities: what a merchant calls them, a phone number, an OpenID, a mall id. */

import { z } from 'zod'
import {
  findAccount,
  type Identity,
  identityHash,
  type Registry,
  resolveAccount,
} from './account.ts'
import { IDENTITY_UNITS_MAX, LINKS_MAX } from './limits.ts'
import { beginLink, finishLink, listLinks, markLink, restOf } from './links.ts'

const Value = z.string().min(1).max(IDENTITY_UNITS_MAX)
/** What a ticket may say beside the viewer's id. */
export const FurtherIds = z.strictObject({
  phone: Value.optional(),
  openid: Value.optional(),
  mall: Value.optional(),
})
export type FurtherIds = z.infer<typeof FurtherIds>

const KINDS = ['phone', 'openid', 'mall'] as const
export type FurtherKind = (typeof KINDS)[number]

/** A Chinese mobile number, with which people leave the country out. */
const CHINESE = /^1[3-9]\d{9}$/
const E164 = /^\+[1-9]\d{6,14}$/
const PLAIN = /^[A-Za-z0-9_.@:-]+$/

/** A phone number as E.164; undefined where it is none. */
export function normalPhone(text: string): string | undefined {
  const digits = text
    .normalize('NFKC')
    .replaceAll(/[\s().-]/g, '')
    .replace(/^00/, '+')
  const full = CHINESE.test(digits)
    ? `+86${digits}`
    : /^861[3-9]\d{9}$/.test(digits)
      ? `+${digits}`
      : digits
  return E164.test(full) ? full : undefined
}

/** The identity that a merchant names, or undefined where the value can be none of that kind. */
export function identityOf(
  brand: string,
  kind: FurtherKind | 'viewer',
  value: string,
): Identity | undefined {
  const id = kind === 'phone' ? normalPhone(value) : PLAIN.test(value) ? value : undefined
  return id === undefined ? undefined : { brand, kind, id }
}

/** Those of a ticket. What can be no phone number is passed over: a bad record must not keep anybody out. */
export const furtherOf = (brand: string, ids: FurtherIds = {}): Identity[] =>
  KINDS.flatMap((kind) => {
    const value = ids[kind]
    const identity = value === undefined ? undefined : identityOf(brand, kind, value)
    return identity ? [identity] : []
  })

export type Linked =
  | { tag: 'linked' }
  /** It belongs to this account; only a merge makes the two one. */
  | { tag: 'taken'; account: number }
  | { tag: 'full' | 'erased' }

/** Links an identity to an account; repeating it is harmless. */
export async function linkIdentity(
  registry: Registry,
  account: number,
  identity: Identity,
): Promise<Linked> {
  const hash = identityHash(registry.pepper, identity)
  for (;;) {
    const begun = await beginLink(registry, account, {
      hash,
      rest: restOf(identity),
      max: LINKS_MAX,
    })
    if (begun.tag !== 'begun') return begun
    const { link } = begun
    const owner = await finishLink(registry, account, link)
    if (owner === account) return { tag: 'linked' }
    if (owner !== undefined) return { tag: 'taken', account: owner }
    // It was about to be unlinked, and now is: begin anew.
  }
}

/** Takes an identity from an account; the last one stays, or nobody would find the account again. */
export async function unlinkIdentity(
  registry: Registry,
  account: number,
  identity: Identity,
): Promise<'unlinked' | 'unknown' | 'last'> {
  const hash = identityHash(registry.pepper, identity)
  const link = (await listLinks(registry, account)).find((one) => one.hash === hash)
  if (!link) return 'unknown'
  const marked = await markLink(registry, account, { ...link, state: 'leaving' })
  if (marked === 'last') return 'last'
  if (marked === 'other') return 'unknown'
  await finishLink(registry, account, { ...link, state: 'leaving' })
  return 'unlinked'
}

/**
 * The account of a person who comes under several identities. The viewer's id counts first; where it is new, the
 * first of the others that is known; where none is, an account is made. Whatever is not linked yet is linked to it.
 * An identity that belongs to another account stays there: to make two accounts one is a decision, and a merge.
 */
export async function resolvePerson(
  registry: Registry,
  viewer: Identity,
  further: readonly Identity[],
): Promise<number> {
  const all = [viewer, ...further]
  const found = await Promise.all(all.map((identity) => findAccount(registry, identity)))
  const known = found.find((account) => account !== undefined)
  // By what channels share: two of them that open at once for a new person then get one account.
  const account = known ?? (await resolveAccount(registry, further[0] ?? viewer, viewer))
  for (const [i, identity] of all.entries())
    if (found[i] === undefined) await linkIdentity(registry, account, identity)
  // Somebody else may have been quicker with the viewer's id.
  return (await findAccount(registry, viewer)) ?? account
}
