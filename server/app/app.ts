/** The composition: opens what this process needs, starts its roles, and stops them in order. */

import type { Config } from '../config.ts'
import { openCore } from '../core.ts'
import type { Log } from '../kernel/index.ts'
import { askEnd, startApi, startWatch } from './api.ts'
import { openDemo } from './demo.ts'
import { startGateway } from './gateway.ts'
import { openParts } from './parts.ts'
import { type Role, readiness } from './role.ts'
import { startWorker } from './worker.ts'

export interface App {
  stop(): Promise<void>
}

export async function startApp(config: Config, log: Log): Promise<App> {
  const core = await openCore(config, log)
  if (config.demo) await openDemo(core)
  const parts = await openParts(core)
  const roles: Role[] = []
  if (config.roles.has('gateway')) roles.push(await startGateway(core, parts))
  const worker = config.roles.has('worker') ? await startWorker(core, parts) : undefined
  if (worker) roles.push(worker)
  const ready = readiness(core, roles)
  const endLive = worker?.endLive ?? askEnd(core)
  // Last, because it says that the service is ready.
  roles.push(
    config.roles.has('api')
      ? await startApi(core, parts, { ready, endLive })
      : await startWatch(core, ready),
  )
  return {
    async stop() {
      for (const role of roles) await role.stop()
      await parts.close()
      await core.close()
    },
  }
}
