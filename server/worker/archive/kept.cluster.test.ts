import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../config.ts'
import type { Store } from '../../redis/index.ts'
import { startCluster, type TestCluster } from '../../redis/testing.ts'
import { sumTotals } from '../../wallet/index.ts'
import { archiveCommand } from './command.ts'
import { createKeptStand, tellStory } from './kept.testing.ts'

const PARTITIONS = 6
let cluster: TestCluster
let store: Store
let dir: string
beforeAll(async () => {
  cluster = await startCluster(3)
  store = await cluster.connect()
  dir = mkdtempSync(join(tmpdir(), 'fanfare-kept-'))
})
afterAll(async () => {
  await cluster.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('[AR10 AR11 AR16] a Redis Cluster of three masters is rebuilt from the archive, by the command, and compared', async () => {
  const stand = await createKeptStand(store, PARTITIONS)
  await tellStory(stand)
  await stand.archive(dir)
  const totals = await sumTotals(store, stand.places)
  const before = await stand.hashes()
  await stand.lose()
  const config = loadConfig({
    REDIS_URL: cluster.url,
    FANFARE_DEMO: '1',
    FANFARE_PARTITIONS: String(PARTITIONS),
    FANFARE_DATA_DIR: dir,
  })
  const rebuilt = await archiveCommand(['rebuild'], config)
  expect(rebuilt.text).toContain('Every balance is as the archive tells.')
  expect(rebuilt.code).toBe(0)
  expect(await sumTotals(store, stand.places)).toEqual(totals)
  expect(await stand.hashes()).toEqual(before)
  const compared = await archiveCommand(['compare'], config)
  expect(compared.text).toContain('agree in every lot')
  expect((await archiveCommand(['rebuild'], config)).text).toMatch(/^This Redis is not empty/)

  expect(
    await stand.orders.refund({ brand: 'acme', order: 'order-7', id: 'all', by: 'shop' }),
  ).toMatchObject({ ok: true, amountFen: 10_000 })
}, 120_000)
