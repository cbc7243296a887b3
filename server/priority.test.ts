import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { giveWay, ownThreads } from './priority.ts'

test('a process gives way as far as it is told, whichever of its threads have ended', async () => {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  const { pid = 0 } = child
  const gone = spawn('true')
  await once(gone, 'exit')
  const before = getPriority(pid)
  giveWay(before + 3, [gone.pid ?? 0, pid])
  expect(getPriority(pid)).toBe(before + 3)
  giveWay(before + 1, [pid])
  expect(getPriority(pid)).toBe(before + 3)
  child.kill()
  await once(child, 'exit')
})

test('its threads are those of the process itself', () => {
  expect(ownThreads()).toContain(process.pid)
})
