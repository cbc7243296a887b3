/** The disk of the append-only file and the disk of the archive fill up under load, and get room again. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createPartitions, type SlotTag, type Store } from '../../server/redis/index.ts'
import { startRedis, type TestRedis } from '../../server/redis/testing.ts'
import { startService, type TestService } from '../../server/service.testing.ts'
import { auditPartition } from '../../server/worker/audit.ts'
import { readSegments } from '../../server/worker/segment-file.ts'
import { createTappers, publish, readBooks, type Tappers } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const VIEWERS = 16
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** No file of the process grows beyond this any more, as on a disk without room; undefined gives it all room again. */
function room(pid: number, bytes?: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:unlimited`])
}

/** Size of the append-only file. */
function aofBytes(redis: TestRedis): number {
  const folder = join(redis.dir, 'appendonlydir')
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
  return Math.max(...sizes)
}

interface Stand {
  redis: TestRedis
  store: Store
  service: TestService
  tappers: Tappers
}

async function stand(
  options: string[],
  { roles, env }: { roles?: string; env?: Record<string, string> } = {},
): Promise<Stand> {
  const redis = await startRedis(options)
  cleanups.push(() => redis.stop())
  const store = await redis.connect()
  await publish(store)
  const service = await startService({
    redisUrl: redis.url,
    ...(roles && { roles }),
    ...(env && { env }),
  })
  cleanups.push(() => service.kill())
  const tappers = await createTappers({ urls: [service.gatewayUrl], viewers: VIEWERS, seed: 41 })
  cleanups.push(() => tappers.close())
  return { redis, store, service, tappers }
}

const readiness = async ({ apiUrl }: TestService) => {
  const answer = await fetch(`${apiUrl}/readyz`)
  return { status: answer.status, text: await answer.text() }
}

const arePaused = (tappers: Tappers) =>
  tappers.all.every(({ client }) => client.state.status.phase === 'paused')

async function allIsRight({ store, tappers }: Stand): Promise<void> {
  await tappers.settled()
  expect(await readBooks(store)).toEqual({
    issued: tappers.tapped(),
    journal: tappers.tapped(),
    doubled: [],
  })
}

/** Everybody is told that points are paused, and the probe says why. */
async function fillsUp({ redis, service, tappers }: Stand): Promise<void> {
  room(redis.pid(), aofBytes(redis) + 5000)
  tappers.go()
  // Taps go on until then: points may be paused for another reason before the file is full.
  await until('the probe says why', async () => {
    const { status, text } = await readiness(service)
    return status === 503 && text.includes('append-only file cannot be written')
  })
  await until('everybody is told', () => arePaused(tappers))
  tappers.rest()
}

describe('the append-only file', () => {
  test('[GW15 R7 R13 F13] everysec: points are paused and go on by themselves; killed meanwhile, what it acknowledged last is sent again', async () => {
    const at = await stand([])
    const { redis } = at
    await fillsUp(at)
    room(redis.pid())
    await allIsRight(at)
    // Redis left a hole in its file and could not read it at its next start, were it not written anew.
    await until('the file was written anew', async () => {
      const { status, text } = await readiness(at.service)
      return status === 200 && !text.includes('written anew')
    })

    await fillsUp(at)
    // Acknowledged, in memory, and on no disk: nobody has been told that it is durable.
    await redis.kill()
    await redis.start()
    await allIsRight(at)
  })

  test('[GW14 R6 F3 F13] always: killed three times under load, then without room it ends by itself; nothing is lost, nothing twice', async () => {
    const at = await stand(['--appendfsync', 'always'])
    const { redis, tappers, service } = at
    tappers.go()
    for (let kill = 0; kill < 3; kill++) {
      const before = tappers.tapped()
      await until('there is load', () => tappers.tapped() > before + VIEWERS)
      await redis.kill()
      await redis.start()
    }
    room(redis.pid(), aofBytes(redis) + 5000)
    const pid = redis.pid()
    await until('it has ended', () => !isRunning(pid))
    await until('everybody is told', () => arePaused(tappers))
    expect((await readiness(service)).status).toBe(503)
    tappers.rest()
    await redis.kill()
    await redis.start()
    await allIsRight(at)
    // Each answer came after its sync, so everything is durable as soon as it is over.
    await until('nothing waits', () =>
      tappers.all.every(({ client }) => client.state.pending.undurable === 0),
    )
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(execFileSync('cat', [`/proc/${pid}/status`]).toString())
  } catch {
    return false
  }
}

test('[J30 J6 GW15 F13] the archive: half full it is an alarm that says why, full it pauses points, with room it goes on; not a point lost or doubled', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-full-'))
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const at = await stand([], {
    roles: 'gateway,worker',
    env: { FANFARE_DATA_DIR: dataDir, FANFARE_JOURNAL_MAX_ENTRIES: '100', FANFARE_PARTITIONS: '1' },
  })
  const { store, service, tappers } = at
  tappers.go()
  const [slot] = createPartitions(1).slots as [SlotTag]
  const archived = () => [...readSegments(dataDir, 0)].length > 0
  await until('something is archived', archived)
  room(service.pid, 0)
  await until('the alarm says why', async () => {
    const { status, text } = await readiness(service)
    return status === 503 && /journal is \d+ % full/.test(text) && /segments.*EFBIG/.test(text)
  })
  await until('the room is told', () => tappers.all.some(({ client }) => client.state.room?.paused))
  room(service.pid)
  tappers.rest()
  await tappers.settled()
  await until('all is well', async () => (await readiness(service)).status === 200)
  const { problems, counters } = await auditPartition({ store, slot, partition: 0 }, dataDir)
  expect(problems).toEqual([])
  expect(counters.issued).toBe(tappers.tapped())
})
