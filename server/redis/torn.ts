/** Rids a restarted Redis of the torn transaction that a power cut may leave at the end of its append-only file. */

import type { Redis } from 'ioredis'
import type { Log } from '../kernel/index.ts'
import { infoField } from './holed-file.ts'

/**
 * Redis 7.0 loads a file that ends inside a transaction without that transaction, but leaves its beginning in the
 * file. What is written afterwards follows it there, and the next start applies the beginning as well: a journal
 * entry without its balance. A rewritten file has no such beginning, so each start is followed by one rewrite.
 */
export async function rewriteAfterStart(connection: Redis, log: Log): Promise<void> {
  try {
    const info = await connection.info('persistence')
    const is = (field: string, value: string) => infoField(info, field) === value
    if (!is('aof_enabled', '1') || !is('aof_rewrites', '0')) return
    if (is('aof_rewrite_in_progress', '0') && is('aof_rewrite_scheduled', '0'))
      await connection.call('BGREWRITEAOF')
  } catch (error) {
    // Managed services may forbid it; the next epoch tries again.
    log.warn({ err: error }, 'the append-only file is not rewritten')
  }
}
