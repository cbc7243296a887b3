/** Each scenario's short form by the command that people use, with k6 and with the Node runner, audited. */

import { spawn } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildWhenStale } from '../server/provision.mjs'
import type { Report } from './report/report.ts'
import { planOf, SCENARIOS } from './scenarios/index.ts'

const RUNNERS = ['k6', 'node'] as const
/** Cannot be met by anything that takes time. */
const IMPOSSIBLE = 'evt_ack_ms p(95)<0'
const MISSED = 99

interface Ended {
  code: number | null
  report: Report
}

function load(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['server/load.mjs', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  return new Promise((done, fail) => {
    child.once('close', (code) => {
      try {
        done({ code, report: JSON.parse(out) as Report })
      } catch {
        fail(new Error(`the load run ended with ${code}:\n${out}\n${errors}`))
      }
    })
  })
}

const withK6 = process.env.K6_BIN !== 'missing'

beforeAll(() => buildWhenStale())

describe.each(RUNNERS)('played by %s', (runner) => {
  describe.skipIf(runner === 'k6' && !withK6)('scenarios', () => {
    it.each(SCENARIOS)('$name: what was acknowledged is in the journal, once', async ({ name }) => {
      const plan = planOf(name, 'short')
      const { code, report } = await load([name, '--short', '--runner', runner])
      const { audit, ...rest } = report
      expect(rest).toMatchObject({ scenario: name, runner, viewers: plan?.viewers, missed: [] })
      expect(audit).toMatchObject({ viewers: plan?.viewers, open: 0, differences: [] })
      // Everybody did something, and not everything was worth nothing.
      expect(audit?.acknowledged).toBeGreaterThan((plan?.viewers ?? 0) * 2)
      expect(audit?.credited).toBe(audit?.acknowledged)
      expect(audit?.points).toBeGreaterThan(0)
      expect(report.cpu.map(({ name: of }) => of)).toEqual([
        'redis',
        'api and worker',
        'gateway',
        expect.stringContaining(runner),
      ])
      expect(code).toBe(0)
    })

    it('a threshold that cannot be met fails the run, whatever the audit says', async () => {
      const { code, report } = await load([
        ...['like-burst', '--short', '--viewers', '5', '--runner', runner],
        ...['--require', IMPOSSIBLE],
      ])
      expect(report.missed).toEqual([IMPOSSIBLE])
      expect(report.audit?.differences).toEqual([])
      expect(code).toBe(MISSED)
    })
  })
})
