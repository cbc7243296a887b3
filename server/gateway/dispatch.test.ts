/** What of refused wishes is written down. */

import { expect, test } from 'vitest'
import { Buckets } from './buckets.ts'
import { type Caller, createDispatch, type DispatchOptions } from './dispatch.ts'

const quiet = { error: () => undefined, info: () => undefined }

function stand() {
  const logged: unknown[] = []
  const log = { ...quiet, warn: (line: unknown) => logged.push(line) }
  const dispatch = createDispatch<Caller>({
    // Nobody here gets as far as a handler.
    handlers: {} as DispatchOptions<Caller>['handlers'],
    now: () => 0,
    log: log as unknown as DispatchOptions<Caller>['log'],
  })
  return { dispatch, logged }
}

function viewer() {
  const codes: string[] = []
  let bad = 0
  const caller: Caller = {
    role: 'viewer',
    buckets: new Buckets(),
    bad: () => {
      bad += 1
    },
    answer: (_, body) => codes.push(body.ok ? 'ok' : body.code),
  }
  return { caller, codes, bad: () => bad }
}

test('[GW6 C23] of what a role may not, the first of each connection is logged and all are counted', () => {
  const { dispatch, logged } = stand()
  const [one, two] = [viewer(), viewer()]
  for (const name of ['task.start', 'stage.setSafe', 'task.start'])
    dispatch.command(one.caller, { name, input: {}, ack: undefined })
  dispatch.command(two.caller, { name: 'cue.skip', input: {}, ack: undefined })
  expect(one.codes).toEqual(['forbidden', 'forbidden', 'forbidden'])
  expect([one.bad(), two.bad()]).toEqual([3, 1])
  expect(logged).toEqual([
    { command: 'task.start', callerRole: 'viewer' },
    { command: 'cue.skip', callerRole: 'viewer' },
  ])
})
