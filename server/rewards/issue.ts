/** Gives a redemption its code. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import issueSource from './issue.lua'
import { type RedemptionRef, redemptionKeys } from './keys.ts'
import { STATE_REPLY, WHO_ARGS, whoOf } from './record.ts'

const issueScript = defineScript({
  name: 'rewards.issue',
  source: issueSource,
  keys: ['red', 'todo'],
  args: {
    now_ms: 'int',
    ...WHO_ARGS,
    code: 'str',
    ready_day: 'int',
    until_ms: 'int',
    cancel_ms: 'int',
    remind_ms: 'int',
  },
  replies: STATE_REPLY,
})

export interface Issue {
  code: string
  readyDay: number
  untilMs: number
  cancelMs: number
  /** So long before its end the viewer is reminded of the code. */
  remindMs: number
  nowMs?: number
}

/** The points are paid: the viewer has the reward. */
export async function issueReward(store: Store, ref: RedemptionRef, issue: Issue): Promise<void> {
  const { red, todo } = redemptionKeys(ref)
  await issueScript.run(store, {
    keys: { red, todo },
    args: {
      now_ms: scriptNow(issue.nowMs),
      ...whoOf(ref),
      code: issue.code,
      ready_day: issue.readyDay,
      until_ms: issue.untilMs,
      cancel_ms: issue.cancelMs,
      remind_ms: issue.remindMs,
    },
  })
}
