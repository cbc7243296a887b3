import { acks, merged } from './acks.ts'
import { arrivals } from './arrivals.ts'
import { latency } from './latency.ts'
import { broadcast, pulses } from './pulses.ts'
import type { Row } from './row.ts'
import { scripts } from './scripts.ts'
import { sizes } from './sizes.ts'

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  acks,
  merged,
  scripts,
  pulses,
  broadcast,
  arrivals,
  sizes,
  latency,
]
