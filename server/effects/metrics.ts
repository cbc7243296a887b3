/** What effects count. */

import { Counter } from 'prom-client'
import { registry } from '../kernel/index.ts'

export const unfinished = new Counter({
  name: 'fanfare_effects_unfinished_total',
  help: 'What was decided in a room and not paid or given back at once, by why; refused: it stays unpaid',
  labelNames: ['why'] as const,
  registers: [registry],
})

// Prometheus sees no increase in a series that begins with 1.
for (const why of ['many', 'room', 'account', 'refused']) unfinished.inc({ why }, 0)
