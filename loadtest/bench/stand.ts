/** What the rows are measured on: the real service in processes, the references, generators; all pinned. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { type Child, startChild } from '../processes/children.ts'
import { freePort } from '../processes/free-port.ts'
import { startRedis, startRole } from '../processes/service.ts'
import { type ProgramName, programFile } from './bundle.ts'
import { type Generator, startGenerator } from './generator/remote.ts'
import { LOAD_CORE, SERVER_CORE, wait } from './machine.ts'
import { Merchant } from './merchant.ts'
import { READY_TEXT } from './references/listening.ts'
import type { Scope } from './scope.ts'

/** Caps are checked and counted, and never reached: what a cap refuses would be cheaper than what is paid. */
const NEVER_REACHED = 1_000_000
/** A gateway hears of a new rulebook within a second. */
const RULES_KNOWN_MS = 1500

export interface Served extends Child {
  /** Of its sockets. */
  port: number
  inspectPort: number
}

export interface Redis extends Child {
  port: number
  dir: string
}

interface Service {
  redis: Redis
  /** API and worker. */
  worker: Child
  apiUrl: string
}

interface StartOptions {
  /** Lets the bench collect garbage. */
  inspect?: boolean
}

export class Stand {
  readonly #redisProgram: string
  readonly #scope: Scope
  readonly #folder = mkdtempSync(join(tmpdir(), 'fanfare-bench-'))
  readonly merchant = new Merchant()
  #service: Promise<Service> | undefined

  constructor(redisProgram: string, scope: Scope) {
    this.#redisProgram = redisProgram
    this.#scope = scope
    scope.add({
      stop: async () => rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20 }),
    })
  }

  /** Where the worker archives journals. */
  get archive(): string {
    return join(this.#folder, 'data')
  }

  async redis(scope: Scope, core: number): Promise<Redis> {
    const port = await freePort()
    const dir = join(this.#folder, `redis-${port}`)
    mkdirSync(dir)
    const options = { program: this.#redisProgram, port, dir, core }
    const child = scope.add(await startRedis(options))
    return { ...child, port, dir }
  }

  /** Redis, API and worker of the service, started once for all rows; gateways come and go. */
  service(): Promise<Service> {
    this.#service ??= this.#startService()
    return this.#service
  }

  async #startService(): Promise<Service> {
    const redis = await this.redis(this.#scope, LOAD_CORE)
    const [apiPort, gatewayPort] = [await freePort(), await freePort()]
    const worker = this.#scope.add(
      await startRole({
        ...{ roles: 'api,worker', redisPort: redis.port, apiPort, gatewayPort },
        dataDir: this.archive,
        core: LOAD_CORE,
        env: this.merchant.env,
      }),
    )
    const apiUrl = `http://127.0.0.1:${apiPort}`
    await this.#liftCaps(apiUrl)
    return { redis, worker, apiUrl }
  }

  async #liftCaps(apiUrl: string): Promise<void> {
    const { book } = await this.merchant.call<{ book: Rulebook }>(apiUrl, { path: '/v1/rulebook' })
    const earn = book.earn.map((rule) =>
      rule.action === 'like'
        ? { ...rule, caps: { perMinute: NEVER_REACHED, perDay: NEVER_REACHED } }
        : rule,
    )
    await this.merchant.call(apiUrl, {
      path: '/v1/rulebook',
      // What the demo adds to the preset is not what is measured.
      body: { book: { ...book, boards: [], dailyPoints: NEVER_REACHED, earn } },
    })
    await wait(RULES_KNOWN_MS)
  }

  /** `library`: sockets by Socket.IO's own server, as the service does where its front handler is switched off. */
  async gateway(
    scope: Scope,
    { inspect = false, library = false }: StartOptions & { library?: boolean } = {},
  ): Promise<Served> {
    const { redis } = await this.service()
    const [health, port, inspectPort] = [await freePort(), await freePort(), await freePort()]
    const child = await startRole({
      ...{ roles: 'gateway', redisPort: redis.port, apiPort: health, gatewayPort: port },
      dataDir: this.archive,
      core: SERVER_CORE,
      nodeArgs: inspect ? [`--inspect=127.0.0.1:${inspectPort}`] : [],
      env: { ...this.merchant.env, ...(library && { FANFARE_FRONT_HANDLER: 'off' }) },
    })
    return { ...scope.add(child), port, inspectPort }
  }

  async reference(
    scope: Scope,
    name: ProgramName,
    { args = [], inspect = false }: StartOptions & { args?: readonly string[] } = {},
  ): Promise<Served> {
    const [port, inspectPort] = [await freePort(), await freePort()]
    const child = await startChild({
      name,
      command: process.execPath,
      args: [
        ...(inspect ? [`--inspect=127.0.0.1:${inspectPort}`] : []),
        ...[programFile(name), '--port', String(port), ...args],
      ],
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
      readyText: READY_TEXT,
      core: SERVER_CORE,
    })
    return { ...scope.add(child), port, inspectPort }
  }

  generator(scope: Scope): Generator {
    return scope.add(startGenerator(programFile('generator'), LOAD_CORE))
  }

  /** Names under which the merchant knows viewers of a row. */
  viewers(row: string, count: number): string[] {
    return Array.from({ length: count }, (_, i) => `${row}-${i}`)
  }

  tickets(viewers: readonly string[]): string[] {
    return viewers.map((viewer) => this.merchant.ticket(viewer))
  }
}
