/** The account of a viewer whom a caller names, where the caller's brand has one of that id. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import { findAccount, viewerIdentity } from '../../identity/index.ts'
import type { ApiDeps } from '../deps.ts'
import type { Caller } from '../route.ts'
import { Id } from '../schemas.ts'

export const ViewerParams = z.strictObject({
  viewer: Id.describe("The merchant's id of the viewer"),
})

export async function accountOf(
  deps: ApiDeps,
  caller: Caller,
  viewer: string,
): Promise<{ ok: true; account: number } | Refusal> {
  const account = await findAccount(deps.gate, viewerIdentity({ brand: caller.brand, viewer }))
  return account === undefined ? refuse('not_found', { field: 'viewer' }) : { ok: true, account }
}
