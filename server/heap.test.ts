import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { RARELY } from './heap.ts'

test('this Node still has the flag that makes full collections rare: one that it lacks it would pass over in silence', () => {
  const flags = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  expect(flags).toContain(`${RARELY.split('=')[0]} (specifies heap growing factor`)
})
