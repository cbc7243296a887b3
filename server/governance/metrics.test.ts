import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { issuanceMetrics } from './metrics.ts'

test('[G27] Prometheus hears how much of the cap is used, and of no cap where none binds', async () => {
  const registry = new Registry()
  const lease = { tag: 'ok' as const, leased: 0, left: 100, atMs: 1, endsAtMs: 2, set: 0 }
  const issuance = {
    standing: { ...lease, binds: true, used: 900, most: 1000 as number | undefined },
    brownout: { level: 2, factor: 400 },
  }
  issuanceMetrics(issuance, registry)
  const told = async () => (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line))
  expect(await told()).toEqual([
    'fanfare_issuance_used_points 900',
    'fanfare_issuance_cap_points 1000',
    'fanfare_issuance_brownout_level 2',
  ])
  issuance.standing.most = undefined
  expect(await told()).not.toContainEqual(expect.stringContaining('cap_points'))
})
