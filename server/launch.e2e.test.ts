/**
 * The launcher as a process, in a folder of its own, with a real Redis. npm, the build and the server are
 * stand-ins that write down what was asked of them, so nothing is downloaded.
 */

import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../loadtest/processes/free-port.ts'
import { endAll, type Launch, startLauncher } from './launch.testing.ts'
import { findProgram } from './provision.mjs'

const redisServer = process.env.REDIS_SERVER_BIN ?? findProgram('redis-server') ?? 'redis-server'

/** What the stand-in build writes: a server that says when it drains and whether Redis still answered then. */
const fakeServer = `
import { createServer } from 'node:http'
import { connect } from 'node:net'
if (process.env.FAKE_REFUSES) { console.log('the configuration is wrong'); process.exit(3) }
createServer((request, response) => {
  if (request.url === '/crash') process.exit(7)
  response.end(JSON.stringify(process.env))
}).listen(Number(process.env.FANFARE_API_PORT), '127.0.0.1')
process.on('SIGINT', () => console.log('server: SIGINT'))
process.on('SIGTERM', () => {
  if (process.env.FAKE_HANGS) return console.log('server: hangs')
  const url = process.env.REDIS_URL
  if (!url.startsWith('unix:')) process.exit(0)
  const redis = connect(url.slice('unix://'.length))
  redis.write('PING\\r\\n')
  redis.once('data', (answer) => { console.log('server: drained, Redis says ' + answer); process.exit(0) })
  redis.once('error', () => { console.log('server: Redis was gone'); process.exit(1) })
})
`

let top: string
let ports: { FANFARE_API_PORT: string; FANFARE_GATEWAY_PORT: string }
const launches: Launch[] = []

const script = (path: string, text: string) => {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

const lockfile = (version: string) =>
  JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/thing': { version } } })

beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'fanfare-launch-'))
  for (const folder of ['server', 'shared', 'widget', 'loadtest', 'bin'])
    mkdirSync(join(top, folder))
  for (const file of readdirSync('server'))
    if (file.endsWith('.mjs')) copyFileSync(join('server', file), join(top, 'server', file))
  writeFileSync(join(top, 'vite.config.ts'), '')
  writeFileSync(join(top, 'shared/points.ts'), 'export const one = 1\n')
  writeFileSync(join(top, 'package-lock.json'), lockfile('1.0.0'))
  script(
    join(top, 'bin/npm'),
    `#!/bin/sh
echo "npm $*" >> '${top}/calls'
mkdir -p '${top}/node_modules/vite/bin'
cp '${top}/package-lock.json' '${top}/node_modules/.package-lock.json'
cp '${top}/fake-vite.js' '${top}/node_modules/vite/bin/vite.js'
`,
  )
  writeFileSync(
    join(top, 'fake-vite.js'),
    `const fs = require('node:fs')
fs.appendFileSync('calls', 'build\\n')
fs.mkdirSync('dist/server', { recursive: true })
fs.writeFileSync('dist/package.json', '{"type":"module"}')
fs.copyFileSync('fake-server.js', 'dist/server/main.js')
`,
  )
  writeFileSync(join(top, 'fake-server.js'), fakeServer)
  symlinkSync(redisServer, join(top, 'bin/redis-server'))
  ports = {
    FANFARE_API_PORT: String(await freePort()),
    FANFARE_GATEWAY_PORT: String(await freePort()),
  }
})

afterEach(async () => {
  await endAll(launches)
  rmSync(top, { recursive: true, force: true })
})

function launch(env: Record<string, string> = {}): Launch {
  const launched = startLauncher(join(top, 'server/launch.mjs'), {
    PATH: `${join(top, 'bin')}:/usr/bin:/bin`,
    ...ports,
    ...env,
  })
  launches.push(launched)
  return launched
}

const calls = () => (existsSync(join(top, 'calls')) ? readFileSync(join(top, 'calls'), 'utf8') : '')
const state = () => JSON.parse(readFileSync(join(top, '.data/running.json'), 'utf8'))
const serverEnv = async (): Promise<Record<string, string>> =>
  (await fetch(`http://127.0.0.1:${ports.FANFARE_API_PORT}/`)).json() as Promise<
    Record<string, string>
  >
const redis = (...command: string[]): string =>
  spawnSync('redis-cli', ['-s', join(top, '.data/redis/redis.sock'), ...command], {
    encoding: 'utf8',
  }).stdout.trim()

describe('from nothing to ready', () => {
  test('installs, builds, starts its own Redis, prints every address, drains, and keeps the data', async () => {
    const first = launch()
    await first.says('socket API')
    expect(calls()).toBe('npm ci --include=dev --no-audit --no-fund\nbuild\n')
    for (const path of ['/', '/overlay', '/stage', '/host', '/embed.js', '/openapi.json'])
      expect(first.output()).toContain(`http://localhost:${ports.FANFARE_API_PORT}${path}\n`)
    const env = await serverEnv()
    expect(env).toMatchObject({ FANFARE_DEMO: '1', FANFARE_PARTITIONS: '8' })
    expect(redis('config', 'get', 'maxmemory-policy')).toContain('noeviction')
    expect(redis('config', 'get', 'appendonly')).toContain('yes')
    expect(redis('config', 'get', 'port')).toBe('port\n0')
    redis('set', 'balance', '1850')
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(first.output()).toContain('server: drained, Redis says +PONG')
    expect(first.output()).not.toContain('SIGINT')

    const second = launch()
    await second.says('Fanfare is ready')
    expect(calls()).toBe('npm ci --include=dev --no-audit --no-fund\nbuild\n')
    expect(redis('get', 'balance')).toBe('1850')
    const again = await serverEnv()
    const secret = (from: Record<string, string>) =>
      readFileSync(from.FANFARE_TICKET_SECRETS_FILE ?? '', 'utf8')
    expect(secret(again)).toBe(secret(env))
    expect(secret(again)).toMatch(/^k1:demo:[\w-]{44}\n$/)
  })

  test('builds again when a source has changed, installs again when the lock file has', async () => {
    const first = launch()
    await first.says('Fanfare is ready')
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    appendFileSync(join(top, 'shared/points.ts'), '// changed\n')
    const second = launch()
    await second.says('Fanfare is ready')
    expect(calls().match(/build/g)).toHaveLength(2)
    second.child.kill('SIGTERM')
    await second.ended
    writeFileSync(join(top, 'package-lock.json'), lockfile('1.0.1'))
    await launch().says('Fanfare is ready')
    expect(calls().match(/npm ci/g)).toHaveLength(2)
  })

  test('Ctrl-C during the installation ends it, and the next start begins it again', async () => {
    const npm = readFileSync(join(top, 'bin/npm'), 'utf8')
    script(join(top, 'bin/npm'), `#!/bin/sh\necho "npm $*" >> '${top}/calls'\nexec sleep 60\n`)
    const first = launch()
    await first.says('Installing npm packages')
    await expect.poll(calls).toContain('npm ci')
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    script(join(top, 'bin/npm'), npm)
    await launch().says('Fanfare is ready')
    expect(calls().match(/npm ci/g)).toHaveLength(2)
  })

  test('secrets of your own switch the demo off', async () => {
    await launch({ FANFARE_SESSION_SECRET: 'q'.repeat(40) }).says('Fanfare is ready')
    const env = await serverEnv()
    expect(env.FANFARE_DEMO).toBe('0')
    expect(env.FANFARE_TICKET_SECRETS_FILE).toBeUndefined()
  })

  test('REDIS_URL is used as it is', async () => {
    await launch({ REDIS_URL: 'redis://127.0.0.1:1' }).says('Fanfare is ready')
    const env = await serverEnv()
    expect(env.REDIS_URL).toBe('redis://127.0.0.1:1')
    expect(env.FANFARE_DEMO).toBeUndefined()
    expect(env.FANFARE_PARTITIONS).toBeUndefined()
    expect(existsSync(join(top, '.data/redis'))).toBe(false)
  })

  test('a data folder too deep for a socket path gets a port on loopback', async () => {
    const FANFARE_DATA_DIR = join(top, 'd'.repeat(90))
    await launch({ FANFARE_DATA_DIR }).says('Fanfare is ready')
    expect((await serverEnv()).REDIS_URL).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/)
  })
})

describe('refusals', () => {
  test('a second launch on the same data', async () => {
    const first = launch()
    await first.says('Fanfare is ready')
    const second = launch({ FANFARE_API_PORT: String(await freePort()) })
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(
      `Fanfare runs already with the data in ${join(top, '.data')} (process ${first.child.pid}).`,
    )
    await serverEnv()
  })

  test.each(['FANFARE_API_PORT', 'FANFARE_GATEWAY_PORT'] as const)('%s is taken', async (name) => {
    const other = createServer().listen(Number(ports[name]))
    await once(other, 'listening')
    const late = launch()
    expect(await late.ended).toBe(1)
    expect(late.output()).toBe(
      `Port ${ports[name]} is taken by another program; set ${name} to another one.\n`,
    )
    other.close()
  })

  test('a Redis that is too old, by its version', async () => {
    rmSync(join(top, 'bin/redis-server'))
    script(
      join(top, 'bin/redis-server'),
      '#!/bin/sh\necho "Redis server v=6.2.14 sha=0:0 bits=64"\n',
    )
    const late = launch()
    expect(await late.ended).toBe(1)
    expect(late.output()).toContain('Fanfare needs Redis 7.0 or newer;')
    expect(late.output()).toContain('is Redis 6.2.14.')
    expect(calls()).toBe('')
  })

  test('without Redis the command is printed and not run', async () => {
    rmSync(join(top, 'bin/redis-server'))
    script(join(top, 'bin/dnf'), `#!/bin/sh\necho dnf >> '${top}/calls'\n`)
    const late = launch({ PATH: join(top, 'bin') })
    expect(await late.ended).toBe(1)
    expect(late.output()).toContain('sudo dnf install -y redis\n')
    expect(calls()).toBe('')
  })

  test.skipIf(process.getuid?.() !== 0)('root on Debian gets Redis from apt-get', async () => {
    rmSync(join(top, 'bin/redis-server'))
    script(
      join(top, 'bin/apt-get'),
      `#!/bin/sh\necho "apt-get $*" >> '${top}/calls'\n[ "$1" = update ] || ln -s '${redisServer}' '${top}/bin/redis-server'\n`,
    )
    for (const name of ['sh', 'ln', 'mkdir', 'cp'])
      symlinkSync(findProgram(name) ?? '', join(top, 'bin', name))
    await launch({ PATH: join(top, 'bin') }).says('Fanfare is ready')
    expect(calls()).toContain(
      'apt-get update -q\napt-get install -y -q --no-install-recommends redis-server\n',
    )
  })

  test('an old Node, by its version', async () => {
    const text = readFileSync(join(top, 'server/provision.mjs'), 'utf8')
    writeFileSync(
      join(top, 'server/provision.mjs'),
      text.replace("NODE_MIN = '20.19.0'", "NODE_MIN = '99.1.0'"),
    )
    const late = launch()
    expect(await late.ended).toBe(1)
    expect(late.output()).toBe(
      `Fanfare needs Node 99.1.0 or newer; this is Node ${process.versions.node}.\n`,
    )
  })

  test('a server that refuses to start gives its code and leaves no Redis', async () => {
    const late = launch({ FAKE_REFUSES: '1' })
    expect(await late.ended).toBe(3)
    expect(late.output()).toContain('the configuration is wrong')
    expect(existsSync(join(top, '.data/redis/redis.sock'))).toBe(false)
  })
})

describe('when something dies', () => {
  test('Redis is started again and has its data', async () => {
    const running = launch()
    await running.says('Fanfare is ready')
    redis('set', 'balance', '1850')
    process.kill(state().redis.pid, 'SIGKILL')
    await running.says('Redis ended (SIGKILL); starting it again.')
    await expect.poll(() => redis('get', 'balance'), { timeout: 10_000 }).toBe('1850')
    running.child.kill('SIGINT')
    expect(await running.ended).toBe(0)
  })

  test('a Redis that dies again and again ends everything', async () => {
    const running = launch()
    await running.says('Fanfare is ready')
    for (let crash = 0; crash < 6 && running.child.exitCode === null; crash++) {
      const { pid } = state().redis
      process.kill(pid, 'SIGKILL')
      await expect
        .poll(() => running.child.exitCode ?? state().redis.pid, { timeout: 10_000 })
        .not.toBe(pid)
        .catch(() => undefined)
    }
    expect(await running.ended).toBe(1)
    expect(running.output()).toContain('Redis ended 6 times within a minute (SIGKILL).')
  })

  test('a server that dies takes the launcher with it, after Redis was ended', async () => {
    const running = launch()
    await running.says('Fanfare is ready')
    const { pid } = state().redis
    await fetch(`http://127.0.0.1:${ports.FANFARE_API_PORT}/crash`).catch(() => undefined)
    expect(await running.ended).toBe(7)
    expect(running.output()).toContain('The server ended by itself (exit code 7).')
    expect(alive(pid)).toBe(false)
    expect(existsSync(join(top, '.data/running.json'))).toBe(false)
  })

  test('what a killed launcher left behind is ended first', async () => {
    const killed = launch()
    await killed.says('Fanfare is ready')
    redis('set', 'balance', '1850')
    const left = state()
    killed.child.kill('SIGKILL')
    await killed.child.stdout?.destroy()
    const next = launch()
    await next.says('Fanfare is ready')
    expect(next.output()).toContain(`Ending the server (process ${left.server.pid})`)
    expect(next.output()).toContain(`Ending the redis (process ${left.redis.pid})`)
    expect(redis('get', 'balance')).toBe('1850')
  })

  test('a second Ctrl-C kills a server that does not drain', async () => {
    const running = launch({ FAKE_HANGS: '1' })
    await running.says('Fanfare is ready')
    const { server, redis: store } = state()
    running.child.kill('SIGINT')
    await running.says('server: hangs')
    running.child.kill('SIGINT')
    expect(await running.ended).toBe(1)
    for (const { pid } of [server, store]) await expect.poll(() => alive(pid)).toBe(false)
  })
})

/** A process that has ended but that nobody has asked about (a zombie) is gone for us. */
function alive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}
