/** What this process knows of the platform's cap, for Prometheus. Every process knows the same, within a second or two. */

import { Gauge, type Registry } from 'prom-client'
import type { Issuance } from './issuance.ts'

/** Tells nothing of a cap that does not bind. */
export function issuanceMetrics(
  issuance: Pick<Issuance, 'standing' | 'brownout'>,
  registry: Registry,
): void {
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      ...{ name, help, registers: [registry] },
      collect() {
        const value = read()
        if (value === undefined) this.remove()
        else this.set(value)
      },
    })
  gauge(
    'fanfare_issuance_used_points',
    'Points that the platform issued in the period',
    () => issuance.standing?.used,
  )
  gauge(
    'fanfare_issuance_cap_points',
    'Points that it may issue in the period, by its sales',
    () => issuance.standing?.most,
  )
  gauge(
    'fanfare_issuance_brownout_level',
    'Level of the brown-out that holds; 0 is none',
    () => issuance.brownout.level,
  )
}
