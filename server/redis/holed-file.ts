/** Watches the append-only file of one master, and has it written anew where a full disk left a hole in it. */

import type { Redis } from 'ioredis'
import type { Log } from '../kernel/index.ts'

/** A rewrite that failed is not asked for again sooner. */
const AGAIN_MS = 5000

/** A field of an INFO reply; empty where it is not there. */
export const infoField = (info: string, field: string): string =>
  new RegExp(`^${field}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? ''

interface FileWatch {
  /** With each `INFO persistence errorstats`: why the file cannot be relied upon now; undefined where it can. */
  look(info: string, atMs: number): string | undefined
}

/**
 * Redis 7.0 opens the file that follows a rewrite without O_APPEND. Where a write is cut short for lack of room it cuts the
 * file back, but goes on behind the place that it had reached: between the two are zeros, on which the next start ends with
 * `Bad file format`. Nothing behind them survives a crash, so nothing is durable until a rewrite has replaced the file.
 */
export function watchFile(connection: Redis, log: Log): FileWatch {
  /** Rewrites that had begun when the file was last seen without room; undefined where it may have no hole. */
  let holedAt: number | undefined
  let seen: { refusals: number; rewrites: number } | undefined
  let askedAtMs = Number.NEGATIVE_INFINITY

  function ask(atMs: number): void {
    if (atMs - askedAtMs < AGAIN_MS) return
    askedAtMs = atMs
    log.warn('the append-only file had no room and is written anew')
    connection
      .call('BGREWRITEAOF')
      .catch((error: unknown) => log.error({ err: error }, 'the append-only file may have a hole'))
  }

  return {
    look(info, atMs) {
      const is = (field: string, value: string) => infoField(info, field) === value
      const rewrites = Number(infoField(info, 'aof_rewrites'))
      const refusals = Number(/count=(\d+)/.exec(infoField(info, 'errorstat_MISCONF'))?.[1] ?? 0)
      const before = seen
      seen = { refusals, rewrites }
      if (!is('aof_enabled', '1')) return 'the append-only file is off'
      if (!is('aof_last_write_status', 'ok')) {
        holedAt = rewrites
        return 'the append-only file cannot be written'
      }
      // Room may have been there again before anybody looked; who wanted to write was refused meanwhile.
      if (before && refusals > before.refusals) holedAt ??= before.rewrites
      if (holedAt === undefined) return undefined
      const isWriting = !is('aof_rewrite_in_progress', '0') || !is('aof_rewrite_scheduled', '0')
      if (!isWriting && rewrites > holedAt && is('aof_last_bgrewrite_status', 'ok')) {
        holedAt = undefined
        askedAtMs = Number.NEGATIVE_INFINITY
        return undefined
      }
      if (!isWriting) ask(atMs)
      return 'the append-only file had no room and is being written anew'
    },
  }
}
