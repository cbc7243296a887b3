/** What makes writes durable: what the operator asks for, what Redis is set to, and whether it can be used at all. */

import { infoField } from './holed-file.ts'
import type { Store } from './script.ts'
import { masters } from './topology.ts'
import type { DurableBy } from './watermark.ts'

/** What the operator asked for; `auto` looks at how Redis is set. */
export type DurabilitySetting = { kind: 'auto' } | DurableBy

export type DurableLevel = 'replicas' | 'always' | 'durable:everysec'

export const asLevel = (by: DurableBy): DurableLevel =>
  by.kind === 'everysec' ? 'durable:everysec' : by.kind

/** What makes writes durable on this Redis: what the operator asked for, or what it is set to. */
export async function decideDurability(
  store: Store,
  setting: DurabilitySetting,
): Promise<DurableBy> {
  if (setting.kind !== 'auto') return setting
  const nodes = await masters(store)
  const all = await Promise.all(
    nodes.map(async (node) => {
      // Managed services may forbid CONFIG; then the weaker promise is made.
      const policy = await node.config('GET', 'appendfsync').catch(() => [])
      return {
        always: Object.values(policy as object).includes('always'),
        aof: infoField(await node.info('persistence'), 'aof_enabled') === '1',
        replicas: Number(infoField(await node.info('replication'), 'connected_slaves')),
      }
    }),
  )
  if (all.every((master) => master.always && master.aof)) return { kind: 'always' }
  if (all.every((master) => master.replicas > 0)) return { kind: 'replicas', count: 1 }
  return { kind: 'everysec' }
}

/**
 * Why this Redis must not be used: an eviction policy that would drop accounts, a version without what scripts
 * need, or settings weaker than the durability asked for. Empty where all is well.
 */
export async function redisProblems(
  store: Store,
  durability: DurabilitySetting,
): Promise<string[]> {
  const problems: string[] = []
  for (const node of await masters(store)) {
    const [server, memory, persistence] = await Promise.all([
      node.info('server'),
      node.info('memory'),
      node.info('persistence'),
    ])
    const version = infoField(server, 'redis_version')
    if (Number(version.split('.')[0]) < 7) problems.push(`Redis ${version} is older than 7.0`)
    const policy = infoField(memory, 'maxmemory_policy')
    if (policy !== 'noeviction')
      problems.push(`maxmemory-policy is ${policy}; it must be noeviction, or accounts get lost`)
    const aof = infoField(persistence, 'aof_enabled') === '1'
    if ((durability.kind === 'always' || durability.kind === 'everysec') && !aof)
      problems.push(`durability ${durability.kind} needs the append-only file, which is off`)
    if (durability.kind === 'always') {
      const policies = Object.values((await node.config('GET', 'appendfsync')) as object)
      if (!policies.includes('always')) problems.push('appendfsync is not always')
    }
  }
  return [...new Set(problems)]
}
