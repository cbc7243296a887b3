/** The operator's commands where the configuration is wrong. */

import { spawnSync } from 'node:child_process'
import { beforeAll, expect, test } from 'vitest'
import { buildWhenStale } from './provision.mjs'

beforeAll(() => buildWhenStale())

const COMMANDS = [
  'serve',
  'ticket',
  'audit',
  'archive',
  'inspect',
  'import',
  'export',
  'ingest stream',
  'dry-run',
]

test.each(COMMANDS)('%s says what is wrong with the configuration, and no more', (command) => {
  const env = { PATH: process.env.PATH, FANFARE_API_PORT: 'seventy' }
  const ran = spawnSync(process.execPath, ['dist/server/main.js', ...command.split(' ')], {
    env,
    encoding: 'utf8',
  })
  expect(ran.stderr).toContain('the configuration is wrong:')
  expect(ran.stderr).not.toMatch(/^\s+at /m)
  expect(ran.status).toBe(1)
})
