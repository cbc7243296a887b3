/** Each scenario's short form by the command that people use, with k6 and with the Node runner, audited. */

import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

const running = new Set<ChildProcess>()

function load(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['server/load.mjs', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  return new Promise((done, fail) => {
    child.once('close', (code) => {
      running.delete(child)
      try {
        done({ code, report: JSON.parse(out) as Report })
      } catch {
        fail(new Error(`the load run ended with ${code}:\n${out}\n${errors}`))
      }
    })
  })
}

const canRun = { k6: process.env.K6_BIN !== 'missing', node: true }

beforeAll(() => buildWhenStale())
afterAll(() => {
  for (const child of running) child.kill('SIGTERM')
})

// Both runners at once, each with a service of its own: what is judged here does not depend on time.
describe.each(SCENARIOS)('$name', ({ name }) => {
  const viewers = planOf(name, 'short')?.viewers ?? 0
  // One of them is also asked for what nobody can do, and must say so whatever the audit says.
  const missed = name === 'like-burst' ? [IMPOSSIBLE] : []

  for (const runner of RUNNERS)
    (canRun[runner] ? it.concurrent : it.skip)(
      `played by ${runner}: what was acknowledged is in the journal once${missed.length > 0 ? ', and a threshold that cannot be met fails the run' : ''}`,
      async () => {
        const asked = missed.flatMap((title) => ['--require', title])
        const { code, report } = await load([name, '--short', '--runner', runner, ...asked])
        const { audit } = report
        expect(report).toMatchObject({ scenario: name, runner, viewers, missed })
        expect(audit).toMatchObject({ viewers, open: 0, differences: [] })
        // Everybody did something, and not everything was worth nothing.
        expect(audit?.acknowledged).toBeGreaterThan(viewers * 2)
        expect(audit?.credited).toBe(audit?.acknowledged)
        expect(audit?.points).toBeGreaterThan(0)
        expect(report.cpu.map(({ name: of }) => of)).toEqual([
          'redis',
          'api and worker',
          'gateway',
          expect.stringContaining(runner),
        ])
        expect(code).toBe(missed.length > 0 ? MISSED : 0)
      },
    )
})
