/** Processes of the service that come back under the address they had, for runs in which any of them may die. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '../../server/kernel/index.ts'
import { startService, type TestService } from '../../server/service.testing.ts'
import { freePort } from '../processes/free-port.ts'

type Role = 'api' | 'gateway' | 'worker'

export interface Member {
  name: string
  pid(): number
  /** SIGKILL; it is back when this resolves, after a pause. */
  kill(pauseMs: number): Promise<void>
  /** SIGTERM, and back; rejects where it did not end by itself. */
  replace(): Promise<void>
}

export interface Fleet {
  members: readonly Member[]
  apis: readonly string[]
  gateways: readonly string[]
  /** The worker's archive, which all of them read. */
  dataDir: string
  /** Lines at level error and above that any of them has ever logged. */
  errors(): string[]
  /** Bodies of `/readyz` that are not 200. */
  unready(): Promise<string[]>
  close(): Promise<void>
}

const ERROR = 50
/** A Redis that is away lets nobody start: until it is back. */
const START_ATTEMPTS = 30

/** Starts them one after the other; all are ready when it resolves. */
export async function startFleet(redisUrl: string, roles: readonly Role[]): Promise<Fleet> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-fleet-'))
  const logs: string[] = []
  const running = new Map<string, TestService>()
  const urls: Record<Role, string[]> = { api: [], gateway: [], worker: [] }
  const ready: string[] = []

  async function start(role: Role): Promise<Member> {
    const [api, gateway] = [await freePort(), await freePort()]
    const name = `${role} ${api}`
    const env = {
      FANFARE_API_PORT: String(api),
      FANFARE_GATEWAY_PORT: String(gateway),
      FANFARE_DATA_DIR: dataDir,
    }
    const launch = async () => {
      for (let left = START_ATTEMPTS; ; left--) {
        try {
          running.set(name, await startService({ redisUrl, roles: role, env }))
          return
        } catch (error) {
          if (left === 0) throw error
          await new Promise((done) => setTimeout(done, 500))
        }
      }
    }
    const me = () => must(running.get(name), name)
    await launch()
    urls[role].push(`http://127.0.0.1:${role === 'gateway' ? gateway : api}`)
    ready.push(`http://127.0.0.1:${api}/readyz`)
    return {
      name,
      pid: () => me().pid,
      async kill(pauseMs) {
        logs.push(me().log())
        await me().kill()
        await new Promise((done) => setTimeout(done, pauseMs))
        await launch()
      },
      async replace() {
        const old = me()
        const code = await old.stop()
        logs.push(old.log())
        if (code !== 0) throw new Error(`${name} ended with ${code}:\n${old.log()}`)
        await launch()
      },
    }
  }

  const members: Member[] = []
  for (const role of roles) members.push(await start(role))
  return {
    members,
    apis: urls.api,
    gateways: urls.gateway,
    dataDir,
    errors: () =>
      [...logs, ...[...running.values()].map((service) => service.log())]
        .flatMap((log) => log.split('\n'))
        .filter((line) => Number(/^\{"level":(\d+)/.exec(line)?.[1]) >= ERROR),
    async unready() {
      const answers = await Promise.all(ready.map((url) => fetch(url)))
      const bodies = answers.map(async (answer) => (answer.ok ? [] : [await answer.text()]))
      return (await Promise.all(bodies)).flat()
    },
    async close() {
      await Promise.allSettled([...running.values()].map((service) => service.kill()))
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
