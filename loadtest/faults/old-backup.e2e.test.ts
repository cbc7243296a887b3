/** Redis comes back with the data of yesterday, while clients and archive know what happened since. */

import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { createPartitions } from '../../server/redis/index.ts'
import { startRedis } from '../../server/redis/testing.ts'
import { startService } from '../../server/service.testing.ts'
import { journalKey, totalsKey } from '../../server/wallet/index.ts'
import { freePort } from '../processes/free-port.ts'
import { SERVICE_PROGRAM } from '../processes/service.ts'
import { createTappers, publish } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const folder = (name: string): string => {
  const made = mkdtempSync(join(tmpdir(), `fanfare-${name}-`))
  cleanups.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('[AR17 F19] an old backup takes no point: everybody is told, no process starts on it, and from the archive every balance is made again', async () => {
  const [dataDir, backup] = [folder('data'), folder('backup')]
  const redis = await startRedis()
  cleanups.push(() => redis.stop())
  const store = await redis.connect()
  await publish(store)
  const { slots } = createPartitions(8)
  const gatewayPort = String(await freePort())
  const env = {
    ...{ FANFARE_DATA_DIR: dataDir, FANFARE_GATEWAY_PORT: gatewayPort },
    ...{ FANFARE_DEMO: '1', FANFARE_PARTITIONS: '8', REDIS_URL: redis.url },
  }
  const start = async () => {
    const service = await startService({ redisUrl: redis.url, roles: 'gateway,worker', env })
    cleanups.push(() => service.kill())
    return service
  }
  const command = (...argv: string[]) =>
    promisify(execFile)(process.execPath, [SERVICE_PROGRAM, 'archive', ...argv], {
      env: { PATH: process.env.PATH, ...env },
    })
  const service = await start()
  const tappers = await createTappers({
    ...{ urls: [`http://127.0.0.1:${gatewayPort}`], viewers: 12, seed: 51 },
  })
  cleanups.push(() => tappers.close())
  const archived = () =>
    until('everything is archived', async () => {
      const waits = await Promise.all(
        slots.map(async (slot) => {
          const [newest] = await store.xrevrange(journalKey(slot), '+', '-', 'COUNT', 1)
          return newest && newest[0] !== (await store.hget(`ff:${slot}:chain`, 'id'))
        }),
      )
      return !waits.some(Boolean)
    })
  const tapAWhile = async () => {
    const before = tappers.tapped()
    tappers.go()
    await until('there is load', () => tappers.tapped() > before + 30)
    tappers.rest()
  }
  const aof = join(redis.dir, 'appendonlydir')

  await tapAWhile()
  await tappers.settled()
  await archived()
  cpSync(aof, backup, { recursive: true })
  const then = tappers.tapped()
  await tapAWhile()
  await tappers.settled()
  await archived()

  await redis.kill()
  rmSync(aof, { recursive: true, maxRetries: 20 })
  cpSync(backup, aof, { recursive: true })
  await redis.start()
  await until('the probe says why', async () => {
    const answer = await fetch(`${service.apiUrl}/readyz`)
    return answer.status === 503 && (await answer.text()).includes('less than the archive')
  })
  const known = tappers.tapped()
  await tapAWhile()
  await until('everybody is told', () =>
    tappers.all.every(({ client }) => client.state.status.phase === 'paused'),
  )
  const givenUp = tappers.tapped() - known
  await service.kill()
  await expect(start()).rejects.toThrow('Redis is older than the archive')
  const issued = async () => {
    const all = await Promise.all(slots.map((slot) => store.hget(totalsKey(slot), 'issued')))
    return all.reduce((sum, one) => sum + Number(one ?? 0), 0)
  }
  expect(await issued()).toBe(then)

  expect((await command('rebuild', '--over')).stdout).toContain('Every balance is as the archive')
  expect((await command('compare')).stdout).toContain('agree in every lot')
  await redis.kill()
  await redis.start()
  await start()
  // Everybody has a new session: what left while nothing was taken is given up, what comes now is credited.
  const shown = () =>
    tappers.all.reduce((sum, { client }) => sum + (client.state.account?.balance.spendable ?? 0), 0)
  await until('everybody sees the balance of before', () => shown() === known)
  expect(await issued()).toBe(known)
  await tapAWhile()
  await until('what comes now is credited', () => shown() === tappers.tapped() - givenUp)
  expect(await issued()).toBe(tappers.tapped() - givenUp)
  await archived()
  expect((await command('compare')).stdout).toContain('agree in every lot')
})
