/** What the API counts. Labels are routes and statuses, never ids. */

import { Counter, Histogram } from 'prom-client'
import { registry } from '../kernel/index.ts'

export const requests = new Counter({
  name: 'fanfare_api_requests_total',
  help: 'Answered requests by route and status',
  labelNames: ['route', 'status'] as const,
  registers: [registry],
})

export const durations = new Histogram({
  name: 'fanfare_api_request_duration_ms',
  help: 'Time from the whole request to the answer, ms',
  labelNames: ['route'] as const,
  buckets: [1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000],
  registers: [registry],
})
