/** The webhook that a caller names, where it is of the caller's brand. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import { getWebhook, type Webhook } from '../../webhooks/index.ts'
import type { ApiDeps } from '../deps.ts'
import type { Caller } from '../route.ts'
import { Id } from '../shapes/basics.ts'

export const WebhookParams = z.strictObject({ id: Id })

/** Another brand's webhook is answered like one that does not exist. */
export async function webhookOf(
  { gate }: ApiDeps,
  caller: Caller,
  id: string,
): Promise<{ ok: true; webhook: Webhook } | Refusal> {
  const webhook = await getWebhook(gate.store, id)
  return webhook?.brand === caller.brand
    ? { ok: true, webhook }
    : refuse('not_found', { field: 'id' })
}
