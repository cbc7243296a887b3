/** Plants a violation of each rule of the check and sees it found: a rule that cannot fail is none. */

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { violations } from '../server/confinement.mjs'

const tree = mkdtempSync(join(tmpdir(), 'fanfare-arrows-'))
afterAll(() => rmSync(tree, { recursive: true }))

function plant(path: string, text = 'export const it = 1\n'): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), text)
}

const npm = ['ioredis', 'socket.io', 'zod', 'preact', 'hono', 'uWebSockets.js']
const modules = ['kernel', 'redis', 'wallet', 'rooms', 'scoring', 'rewards', 'gateway', 'api']
const uses = (path: string) => `import { it } from '${path}'\nexport const mine = it\n`
const usesType = (path: string) =>
  `import type { it } from '${path}'\nexport type Mine = typeof it\n`

/** Rule, a file that breaks it, and what that file imports. */
const planted: [rule: string, file: string, imports: string][] = [
  ['no-cycle', 'shared/here.ts', './there.ts'],
  ['resolvable', 'shared/lost.ts', './nowhere.ts'],
  ['shared-is-below-all', 'shared/up.ts', '../server/kernel/index.ts'],
  ['shared-is-below-all', 'shared/npm.ts', 'hono'],
  ['widget-uses-shared-only', 'widget/host/up.ts', '../../server/kernel/index.ts'],
  ['widget-knows-zod-as-types', 'widget/host/zod.ts', 'zod'],
  ['widget-does-not-reach-zod', 'widget/host/schema.ts', '../../shared/protocol/viewer.ts'],
  ['widget-npm-is-few', 'widget/host/npm.ts', 'hono'],
  ['widget-npm-is-few', 'widget/host/node.ts', 'node:fs'],
  ['client-without-dom', 'widget/client/dom.ts', 'preact'],
  ['client-without-dom', 'widget/client/page.ts', '../host/page.ts'],
  ['loadtest-uses-shared-and-client', 'loadtest/page.ts', '../widget/host/page.ts'],
  ['server-stands-alone', 'server/api/page.ts', '../../widget/host/page.ts'],
  ['kernel-first-row', 'server/kernel/up.ts', '../redis/index.ts'],
  ['redis-second-row', 'server/redis/up.ts', '../wallet/index.ts'],
  ['foundations-third-row', 'server/wallet/up.ts', '../scoring/index.ts'],
  ['foundations-third-row', 'server/wallet/config.ts', '../config.ts'],
  ['foundations-third-row', 'server/wallet/secret.ts', '../config/secret.ts'],
  ['foundations-are-strangers', 'server/wallet/aside.ts', '../rooms/index.ts'],
  ['foundations-are-strangers', 'server/webhooks/aside.ts', '../wallet/index.ts'],
  ['use-cases-fourth-row', 'server/scoring/up.ts', '../gateway/index.ts'],
  ['use-cases-are-strangers', 'server/scoring/aside.ts', '../rewards/index.ts'],
  ['edges-fifth-row', 'server/gateway/up.ts', '../app/app.ts'],
  ['edges-are-strangers', 'server/gateway/aside.ts', '../api/index.ts'],
  ['module-in-a-row', 'server/teapot/pot.ts', '../kernel/index.ts'],
  ['main-last', 'server/last.ts', './main.ts'],
  ['module-by-its-index', 'server/scoring/deep.ts', '../wallet/spend.ts'],
  ['module-by-its-index-from-above', 'server/deep.ts', './wallet/spend.ts'],
  ['ioredis-in-redis', 'server/wallet/client.ts', 'ioredis'],
  ['socketio-in-one-file', 'server/gateway/sockets.ts', 'socket.io'],
  ['socketio-in-one-file', 'loadtest/bench/rows/sockets.ts', 'socket.io'],
  ['uws-in-gateway', 'server/api/fast.ts', 'uWebSockets.js'],
  ['testing-in-tests', 'server/wallet/ships.ts', '../redis/testing.ts'],
  ['ships-without-dev-packages', 'server/wallet/dev.ts', 'vitest'],
]

/** Files that look like violations and are none. */
const allowed: [file: string, text: string][] = [
  ['widget/host/types.ts', usesType('zod')],
  ['widget/host/schema-types.ts', usesType('../../shared/protocol/viewer.ts')],
  ['server/gateway/config-type.ts', usesType('../config.ts')],
  ['server/gateway/socketio.ts', uses('socket.io')],
  ['server/redis/connect.ts', uses('ioredis')],
  ['server/scoring/down.ts', uses('../wallet/index.ts')],
  ['server/wallet/it.redis.test.ts', uses('../redis/testing.ts')],
  ['loadtest/bots.ts', uses('../widget/client/index.ts')],
  ['loadtest/bench/references/room.ts', `${uses('socket.io')}${uses('ioredis')}`],
]

interface Cruise {
  summary: { violations: { from: string; rule: { name: string } }[] }
}

function cruise(): string[] {
  for (const name of [...npm, 'vitest']) {
    plant(
      `node_modules/${name}/package.json`,
      `{"name":"${name}","version":"1.0.0","main":"index.js"}`,
    )
    plant(`node_modules/${name}/index.js`, 'exports.it = 1\n')
  }
  const versions = (names: string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']))
  plant(
    'package.json',
    JSON.stringify({
      type: 'module',
      dependencies: versions(npm),
      devDependencies: versions(['vitest']),
    }),
  )
  plant('tsconfig.json', '{"compilerOptions":{"module":"ESNext","moduleResolution":"Bundler"}}')
  for (const module of modules) plant(`server/${module}/index.ts`)
  for (const path of ['server/redis/testing.ts', 'server/wallet/spend.ts', 'server/app/app.ts'])
    plant(path)
  for (const path of [
    'server/main.ts',
    'server/config.ts',
    'server/config/secret.ts',
    'widget/host/page.ts',
  ])
    plant(path)
  for (const path of ['shared/protocol/viewer.ts', 'widget/client/index.ts']) plant(path)
  plant('shared/there.ts', uses('./here.ts'))
  for (const [, file, imports] of planted) plant(file, uses(imports))
  for (const [file, text] of allowed) plant(file, text)
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', resolve('.dependency-cruiser.cjs'), '--output-type', 'json'],
      ...['shared', 'server', 'widget', 'loadtest'],
    ],
    { cwd: tree, encoding: 'utf8' },
  )
  if (!stdout) throw new Error(stderr)
  const { summary } = JSON.parse(stdout) as Cruise
  return summary.violations.map(({ rule, from }) => `${rule.name} ${from}`)
}

describe('arrows', () => {
  const found = cruise()

  test.each(planted)('%s is found in %s', (rule, file) => {
    expect(found).toContain(`${rule} ${file}`)
  })

  test('what is allowed is not reported', () => {
    const files = new Set(allowed.map(([file]) => file))
    expect(found.filter((line) => files.has(line.split(' ')[1] ?? ''))).toEqual([])
  })

  test('every rule of the configuration is planted', () => {
    const config = createRequire(import.meta.url)(resolve('.dependency-cruiser.cjs')) as {
      forbidden: { name: string }[]
    }
    const names = new Set(planted.map(([rule]) => rule))
    expect(config.forbidden.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([])
  })
})

describe('names and calls', () => {
  test.each([
    ['server/wallet/spend.ts', 'const at = Date.now()'],
    ['server/wallet/spend.ts', 'const at = new Date()'],
    ['server/gateway/pulse.ts', 'setTimeout(run, 5)'],
    ['shared/time.ts', 'const chance = Math.random()'],
    ['widget/overlay/Gain.tsx', 'setInterval(tick, 100)'],
    ['widget/overlay/Gain.tsx', 'node.innerHTML = text'],
    ['server/wallet/spend.ts', 'const at = Date()'],
    ['server/wallet/spend.ts', 'const at = process.hrtime.bigint()'],
    ['server/wallet/spend.ts', "import { setTimeout as wait } from 'node:timers/promises'"],
    ['server/wallet/spend.ts', "import { env } from 'node:process'"],
    // In two pieces, or this file would be found itself.
    ['server/wallet/spend.test.ts', `vi.${'mock'}('./lots.ts')`],
  ])('%s may not say %s', (path, line) => {
    expect(violations(path, `// a line before\n${line}\n`)).toEqual([
      expect.stringContaining(`${path}:2 ${line}`),
    ])
  })

  test.each([
    ['server/kernel/clock.ts', 'const at = Date.now()'],
    ['server/wallet/spend.test.ts', 'const at = Date.now()'],
    ['server/wallet/spend.ts', '// Date.now() would be the wrong clock here'],
    ['server/wallet/spend.ts', "const url = 'https://x.test/Date' // Math.random"],
    ['widget/client/runtime.ts', 'setTimeout(run, 5)'],
  ])('%s may say %s', (path, line) => {
    expect(violations(path, line)).toEqual([])
  })

  test.each([
    'server/utils.ts',
    'shared/common/points.ts',
    'widget/host/helpers.test.ts',
    'server/base/x.md',
  ])('%s is no name', (path) => {
    expect(violations(path, '')).toHaveLength(1)
  })

  test('a folder of its own beside server and widget is none', () => {
    expect(violations('tools/run.ts', '')).toEqual([expect.stringContaining('fixed')])
    for (const path of ['README.md', '.ci/run', 'docs/adr/0001.md', 'server/main.ts'])
      expect(violations(path, '')).toEqual([])
  })

  test('a name that only contains such a word is one', () => {
    expect(violations('shared/database.ts', '')).toEqual([])
  })
})
