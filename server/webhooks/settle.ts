import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import type { Delivery } from './delivery.ts'
import forgetSource from './forget.lua'
import { hooksKey, waitingKeys } from './keys.ts'
import settleSource from './settle.lua'

const settleScript = defineScript({
  name: 'webhooks.settle',
  source: settleSource,
  keys: ['hooks', 'due', 'bodies'],
  args: { webhook: 'str', id: 'str', body: 'str', delay_ms: 'int' },
  replies: { settled: {}, unknown: {} },
})

const forgetScript = defineScript({
  name: 'webhooks.forget',
  source: forgetSource,
  keys: ['hooks', 'due', 'bodies'],
  args: { webhook: 'str' },
  replies: { ok: {} },
})

/** The delivery is over, or waits `delayMs` more with `again`. False where somebody else has settled it. */
export async function settle(
  store: Store,
  { slot, webhook, id }: { slot: SlotTag; webhook: string; id: string },
  again?: { delivery: Delivery; delayMs: number },
): Promise<boolean> {
  const reply = await settleScript.run(store, {
    keys: { hooks: hooksKey(slot), ...waitingKeys(slot, webhook) },
    args: {
      webhook,
      id,
      body: again ? JSON.stringify(again.delivery) : '',
      delay_ms: again?.delayMs ?? 0,
    },
  })
  return reply.tag === 'settled'
}

/** All that waits in a slot for a webhook that is no more. */
export async function forgetWebhook(
  store: Store,
  { slot, webhook }: { slot: SlotTag; webhook: string },
): Promise<void> {
  await forgetScript.run(store, {
    keys: { hooks: hooksKey(slot), ...waitingKeys(slot, webhook) },
    args: { webhook },
  })
}
