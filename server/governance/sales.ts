/** Sales, of which the issuance cap is a part: orders from the journals, and what brands report of sales elsewhere. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import countSource from './count-sales.lua'
import { issuanceKey, salesCountedKey, salesKey, salesReportsKey } from './keys.ts'
import { CAP_NOTICE_MS } from './limits.ts'
import reportSource from './report-sales.lua'

const countScript = defineScript({
  name: 'governance.count-sales',
  source: countSource,
  keys: ['sales', 'counted'],
  args: { partition: 'int', after: 'str', upto: 'str' },
  each: { keys: [], args: { day: 'int', fen: 'int' } },
  replies: { counted: {}, moved: { upto: 'str' } },
})

const reportScript = defineScript({
  name: 'governance.report-sales',
  source: reportSource,
  keys: ['issuance', 'sales', 'reports'],
  args: { now_ms: 'int', brand: 'int', day: 'int', fen: 'int', notice_ms: 'int' },
  replies: { reported: { was: 'int', binds_ms: 'int' } },
})

/** Up to which journal element the orders of a partition are in the sales; empty where none is. */
export const salesCounted = async (store: Store, partition: number): Promise<string> =>
  (await store.hget(salesCountedKey, String(partition))) ?? ''

/**
 * Adds fen by day of the platform, negative where refunds prevail. Counts once: it follows on `after`, and answers up to
 * where was counted instead where that is not so.
 */
export async function countSales(
  store: Store,
  of: { partition: number; after: string; upto: string; fenByDay: ReadonlyMap<number, number> },
): Promise<string> {
  const reply = await countScript.run(store, {
    keys: { sales: salesKey, counted: salesCountedKey },
    args: { partition: of.partition, after: of.after, upto: of.upto },
    each: [...of.fenByDay].map(([day, fen]) => ({ keys: {}, args: { day, fen } })),
  })
  return reply.tag === 'moved' ? reply.upto : of.upto
}

export interface SalesReport {
  /** Number of the brand. */
  brand: number
  /** Of the platform's calendar, days since 1970-01-01. */
  day: number
  /** Net sales made elsewhere on that day; replaces what was reported of it before. */
  fen: number
}

/** Answers what stood there before, and when the cap binds: soon after the first report of all. */
export async function reportSales(
  store: Store,
  { brand, day, fen }: SalesReport,
  nowMs?: number,
): Promise<{ wasFen: number; bindsAtMs: number }> {
  const { was, binds_ms } = await reportScript.run(store, {
    keys: { issuance: issuanceKey, sales: salesKey, reports: salesReportsKey },
    args: { now_ms: scriptNow(nowMs), brand, day, fen, notice_ms: CAP_NOTICE_MS },
  })
  return { wasFen: was, bindsAtMs: binds_ms }
}
