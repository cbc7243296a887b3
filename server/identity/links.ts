/**
 * The identities of an account. Which account an identity names is decided in the identity's own slot; the account
 * keeps a list of them, written before and cleared after, so that whatever stops in between is finished by the next
 * call and no identity is ever left that the list does not know.
 */

import { z } from 'zod'
import { randomId } from '../kernel/index.ts'
import { defineScript } from '../redis/index.ts'
import type { Identity, Registry } from './account.ts'
import beginSource from './begin-link.lua'
import { accountKey, linksKey } from './keys.ts'
import { MERGED_LINKS_MAX, UNLINKED_LIFE_MS } from './limits.ts'
import markSource from './mark-link.lua'
import pointSource from './point.lua'
import unpointSource from './unpoint.lua'

const beginScript = defineScript({
  name: 'identity.begin_link',
  source: beginSource,
  keys: ['links'],
  args: { hash: 'str', nonce: 'str', rest: 'str', max: 'int' },
  replies: { begun: {}, kept: { link: 'str' }, full: {}, erased: {} },
})

const markScript = defineScript({
  name: 'identity.mark_link',
  source: markSource,
  keys: ['links'],
  args: { hash: 'str', nonce: 'str', state: 'str' },
  replies: { marked: {}, other: {}, last: {} },
})

const pointScript = defineScript({
  name: 'identity.point',
  source: pointSource,
  keys: ['account'],
  args: { account: 'str', nonce: 'str', was: 'str' },
  replies: { pointed: {}, taken: { account: 'int' }, closed: {} },
})

const unpointScript = defineScript({
  name: 'identity.unpoint',
  source: unpointSource,
  keys: ['account'],
  args: { account: 'str', nonce: 'str', life_ms: 'int' },
  replies: { unpointed: {}, other: {} },
})

/** As the scripts know them; `l` and `u` are on their way. */
const STATES = { linking: 'l', linked: 'k', leaving: 'u', removed: '' } as const
const ERASED_FIELD = 'erased'
const NONCE_BYTES = 9
const NONCE_END = 13
const TIME_END = 26

const Rest = z.object({
  kind: z.enum(['viewer', 'phone', 'openid', 'mall']),
  brand: z.string(),
  /** Accounts it was merged from, the latest first. */
  was: z.array(z.number()).default([]),
  /** The account it is taken over from, while it is on its way. */
  via: z.number().optional(),
})
type Rest = z.infer<typeof Rest>

export interface Link extends Rest {
  hash: string
  state: 'linking' | 'linked' | 'leaving'
  nonce: string
  linkedAtMs: number
}

export const newNonce = (): string => randomId(NONCE_BYTES)

export const restOf = (
  { kind, brand }: Pick<Identity, 'kind' | 'brand'>,
  moved: { was?: readonly number[]; via?: number } = {},
): string => JSON.stringify({ kind, brand, ...moved })

function readLink(hash: string, text: string): Link {
  const state = text.startsWith(STATES.linked)
    ? 'linked'
    : text.startsWith(STATES.linking)
      ? 'linking'
      : 'leaving'
  return {
    hash,
    state,
    nonce: text.slice(1, NONCE_END),
    linkedAtMs: Number(text.slice(NONCE_END, TIME_END)),
    ...Rest.parse(JSON.parse(text.slice(TIME_END))),
  }
}

const linksOf = ({ partitions }: Registry, account: number): string =>
  linksKey(partitions.slotOf(account), account)

/** Every link of an account, finished or not. */
export async function readLinks(registry: Registry, account: number): Promise<Link[]> {
  const all = await registry.store.hgetall(linksOf(registry, account))
  return Object.entries(all)
    .filter(([hash]) => hash !== ERASED_FIELD)
    .map(([hash, text]) => readLink(hash, text))
}

/** When the account first had an identity, Unix ms; undefined where it has none. */
export async function knownSince(registry: Registry, account: number): Promise<number | undefined> {
  const links = await readLinks(registry, account)
  return links.length === 0 ? undefined : Math.min(...links.map(({ linkedAtMs }) => linkedAtMs))
}

export interface Begun {
  hash: string
  nonce: string
}

/** Notes the link; one that is noted already is taken up where it stands. */
export async function beginLink(
  registry: Registry,
  account: number,
  of: { hash: string; rest: string; max: number },
): Promise<{ tag: 'begun'; link: Link } | { tag: 'full' | 'erased' }> {
  const nonce = newNonce()
  const { hash, rest, max } = of
  const reply = await beginScript.run(registry.store, {
    keys: { links: linksOf(registry, account) },
    args: { hash, nonce, rest, max },
  })
  if (reply.tag === 'full' || reply.tag === 'erased') return reply
  const text =
    reply.tag === 'kept' ? reply.link : `${STATES.linking}${nonce}${'0'.repeat(13)}${rest}`
  return { tag: 'begun', link: readLink(hash, text) }
}

export async function markLink(
  registry: Registry,
  account: number,
  { hash, nonce, state }: Begun & { state: keyof typeof STATES },
): Promise<'marked' | 'other' | 'last'> {
  const { tag } = await markScript.run(registry.store, {
    keys: { links: linksOf(registry, account) },
    args: { hash, nonce, state: STATES[state] },
  })
  return tag
}

/** Decides in the identity's slot; answers whose it is, or undefined where the link was ended meanwhile. */
export async function point(
  { store }: Registry,
  account: number,
  { hash, nonce, was }: Begun & { was?: number | undefined },
): Promise<number | undefined> {
  const reply = await pointScript.run(store, {
    keys: { account: accountKey(hash) },
    args: { account: String(account), nonce, was: was === undefined ? '' : String(was) },
  })
  if (reply.tag === 'closed') return undefined
  return reply.tag === 'taken' ? reply.account : account
}

/** Takes a link that is on its way to its end; answers whose the identity is then. */
export async function finishLink(
  registry: Registry,
  account: number,
  link: Link,
): Promise<number | undefined> {
  const { hash, nonce } = link
  if (link.state === 'leaving') {
    await unpointScript.run(registry.store, {
      keys: { account: accountKey(hash) },
      args: { account: String(account), nonce, life_ms: UNLINKED_LIFE_MS },
    })
    await markLink(registry, account, { hash, nonce, state: 'removed' })
    return undefined
  }
  const was = link.state === 'linking' ? link.via : undefined
  const owner = await point(registry, account, { hash, nonce, was })
  const state = owner === account ? 'linked' : 'removed'
  if (link.state === 'linked' && state === 'linked') return owner
  await markLink(registry, account, { hash, nonce, state })
  return owner
}

/** The finished links of an account, oldest first, after finishing what a crash left on its way. */
export async function listLinks(registry: Registry, account: number): Promise<Link[]> {
  const all = await readLinks(registry, account)
  const odd = all.filter(({ state }) => state !== 'linked')
  for (const link of odd) await finishLink(registry, account, link)
  const settled = odd.length === 0 ? all : await readLinks(registry, account)
  return settled
    .filter(({ state }) => state === 'linked')
    .sort((a, b) => a.linkedAtMs - b.linkedAtMs)
}

/**
 * From now on nothing is linked to the account any more; what is, goes. The identity under which it was asked for goes
 * last, so that a call that was cut off can be repeated.
 */
export async function dropLinks(
  registry: Registry,
  account: number,
  asked?: { hash: string; brand: string },
): Promise<void> {
  await registry.store.hset(linksOf(registry, account), ERASED_FIELD, '1')
  const rank = ({ hash, brand }: Link) =>
    hash === asked?.hash ? 2 : brand === asked?.brand ? 1 : 0
  const links = (await readLinks(registry, account)).sort((a, b) => rank(a) - rank(b))
  for (const link of links) await finishLink(registry, account, { ...link, state: 'leaving' })
}

/**
 * Gives every identity of one account to another, or back those that once came from there. Repeating it after any
 * crash goes on where it stopped. Throws where the other account has no room for them.
 */
export async function moveLinks(
  registry: Registry,
  { from, into, back }: { from: number; into: number; back: boolean },
): Promise<void> {
  for (const link of await listLinks(registry, from)) {
    if (back && link.was[0] !== into) continue
    const was = back ? link.was.slice(1) : [from, ...link.was]
    const begun = await beginLink(registry, into, {
      hash: link.hash,
      rest: restOf(link, { was, via: from }),
      max: MERGED_LINKS_MAX,
    })
    if (begun.tag !== 'begun') throw new Error(`an identity cannot be moved: ${begun.tag}`)
    await finishLink(registry, into, begun.link)
    await markLink(registry, from, { ...link, state: 'removed' })
  }
}
