/** Which version holds when: one text in Redis that every process goes by. Nobody has to turn it when a version begins. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import callBackSource from './call-back.lua'
import { rulebookKey, rulebooksKey } from './keys.ts'
import readSource from './read-timeline.lua'

const readScript = defineScript({
  name: 'governance.read-timeline',
  source: readSource,
  keys: ['head'],
  args: { now_ms: 'int' },
  replies: { read: { now_ms: 'int', head: 'str' } },
  readonly: true,
})

const callBackScript = defineScript({
  name: 'governance.call-back',
  source: callBackSource,
  keys: ['head', 'books'],
  args: { now_ms: 'int', version: 'int', by: 'str' },
  replies: { called_back: { versions: 'list' }, none: {} },
})

/** A version, and from when it holds. */
export interface Step {
  version: number
  atMs: number
}

/** What holds at an instant, then what is to come; empty where there is no version yet. */
export function stepsOf(head: string, nowMs: number): Step[] {
  const steps: Step[] = []
  for (const [, version, at] of head.matchAll(/(\d+) (\d+)/g)) {
    const step = { version: Number(version), atMs: Number(at) }
    if (steps.length === 1 && step.atMs <= nowMs) steps[0] = step
    else steps.push(step)
  }
  return steps
}

export interface Timeline {
  /** As it stands in Redis: another text after every publication. */
  head: string
  /** Redis time at which it was read. */
  nowMs: number
  steps: Step[]
}

export async function readTimeline(store: Store, nowMs?: number): Promise<Timeline> {
  const read = await readScript.run(store, {
    keys: { head: rulebookKey },
    args: { now_ms: scriptNow(nowMs) },
  })
  return { head: read.head, nowMs: read.now_ms, steps: stepsOf(read.head, read.now_ms) }
}

export interface CallBack {
  version: number
  by: string
  /** Only with the test clock. */
  nowMs?: number
}

/** A scheduled version does not begin, nor what was to follow it; the answer names all. One that holds is `not_found`. */
export async function callBackRulebook(
  store: Store,
  { version, by, nowMs }: CallBack,
): Promise<{ ok: true; calledBack: number[] } | Refusal> {
  const reply = await callBackScript.run(store, {
    keys: { head: rulebookKey, books: rulebooksKey },
    args: { now_ms: scriptNow(nowMs), version, by },
  })
  return reply.tag === 'called_back'
    ? { ok: true, calledBack: reply.versions.map(Number) }
    : refuse('not_found', { field: 'version' })
}
