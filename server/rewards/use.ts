/** Uses a code, once. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { type RedemptionRef, redemptionKeys } from './keys.ts'
import { WHO_ARGS, whoOf } from './record.ts'
import useSource from './use.lua'

const useScript = defineScript({
  name: 'rewards.use',
  source: useSource,
  keys: ['red', 'todo'],
  args: {
    now_ms: 'int',
    ...WHO_ARGS,
    use_id: 'str',
    used_ms: 'int',
    point: 'str',
    clerk: 'str',
    device: 'str',
  },
  replies: {
    ok: { used_ms: 'int' },
    used: { used_ms: 'int', clerk: 'str', device: 'str' },
    closed: { state: 'str' },
    not_found: {},
    elsewhere: {},
    over: {},
  },
})

export interface Use {
  /** Chosen by the device, so that it may repeat what it did. */
  useId: string
  /** When the device says it was; 0 is now. */
  usedMs: number
  point: string
  clerk: string
  device: string
  nowMs?: number
}

/** Uses a redemption, once: a second use learns of the first. */
export async function useRedemption(store: Store, ref: RedemptionRef, use: Use) {
  const { red, todo } = redemptionKeys(ref)
  return useScript.run(store, {
    keys: { red, todo },
    args: {
      now_ms: scriptNow(use.nowMs),
      ...whoOf(ref),
      use_id: use.useId,
      used_ms: use.usedMs,
      point: use.point,
      clerk: use.clerk,
      device: use.device,
    },
  })
}
