/** What the adapter counts. Labels are kinds and codes, never ids. */

import { Counter, Gauge } from 'prom-client'
import { ERRORS } from '../../shared/errors.ts'
import { registry } from '../kernel/index.ts'

export const taken = new Counter({
  name: 'fanfare_ingest_taken_total',
  help: 'Messages the API took, by kind; repeat is yes where it had been taken before',
  labelNames: ['kind', 'repeat'] as const,
  registers: [registry],
})

export const refused = new Counter({
  name: 'fanfare_ingest_refused_total',
  help: 'Messages that were refused for good, by code',
  labelNames: ['code'] as const,
  registers: [registry],
})

// Prometheus sees no increase in a series that begins with 1.
for (const code of Object.keys(ERRORS)) refused.inc({ code }, 0)

export const waits = new Counter({
  name: 'fanfare_ingest_waits_total',
  help: 'Attempts after which a message waits, by what the API answered',
  labelNames: ['code'] as const,
  registers: [registry],
})

export const lag = new Gauge({
  name: 'fanfare_ingest_lag_entries',
  help: 'Entries of the stream that no consumer has taken yet',
  registers: [registry],
})

export const pending = new Gauge({
  name: 'fanfare_ingest_pending_entries',
  help: 'Entries taken and not acknowledged, over all consumers',
  registers: [registry],
})

export const oldestMs = new Gauge({
  name: 'fanfare_ingest_oldest_ms',
  help: 'Age of the oldest entry that is not acknowledged, ms; 0 where all are',
  registers: [registry],
})
