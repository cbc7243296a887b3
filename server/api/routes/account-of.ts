/** The account that a caller names, where the caller's brand has such a one. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import { parseAccount } from '../../../shared/ids.ts'
import { findAccount, listLinks, viewerIdentity } from '../../identity/index.ts'
import { formerAccounts, settledIn } from '../../merges/index.ts'
import type { ApiDeps } from '../deps.ts'
import type { Caller } from '../route.ts'

/** No id has a colon, so an account number is never taken for one. */
const NUMBER = 'number:'
/** A viewer by the merchant's id, or by the account number as support and viewers see it. */
export const ViewerName = z
  .string()
  .regex(/^([A-Za-z0-9_-]{1,64}|number:[0-9a-z]{10})$/)
  .describe("The merchant's id of the viewer, or `number:` and the account number")

export const ViewerParams = z.strictObject({ viewer: ViewerName })

/** The number that a name carries; undefined where it is a merchant's id. */
export const numberIn = (viewer: string): string | undefined =>
  viewer.startsWith(NUMBER) ? viewer.slice(NUMBER.length) : undefined

type Found = { ok: true; account: number } | Refusal

export async function accountOf(deps: ApiDeps, caller: Caller, viewer: string): Promise<Found> {
  const number = numberIn(viewer)
  if (number !== undefined) return accountOfNumber(deps, caller, number)
  const account = await findAccount(deps.gate, viewerIdentity({ brand: caller.brand, viewer }))
  return account === undefined ? refuse('not_found', { field: 'viewer' }) : { ok: true, account }
}

/**
 * The account behind a number: of one that was merged away, the one it is in now. An account is of the brands whose
 * identities lead to it, so an erased one is nobody's.
 */
export async function accountOfNumber(
  { gate }: ApiDeps,
  { brand }: Caller,
  number: string,
): Promise<Found> {
  const named = parseAccount(number)
  if (named === undefined) return refuse('not_found', { field: 'viewer' })
  const account = await settledIn(gate.store, named)
  const links = await listLinks(gate, account)
  const own = links.some((link) => link.brand === brand)
  return own ? { ok: true, account } : refuse('not_found', { field: 'viewer' })
}

/**
 * The account in which something was done that is asked for again: one that has become one with the named account since, where it was done
 * there, else the named one.
 */
export async function accountDoing(
  { gate }: Pick<ApiDeps, 'gate'>,
  account: number,
  wasDone: (account: number) => Promise<boolean>,
): Promise<number> {
  for (const former of await formerAccounts(gate.store, account))
    if (await wasDone(former)) return former
  return account
}
