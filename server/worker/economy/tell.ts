/** Tells the platform's brand of an alarm; telling it again is harmless. */

import type { Store } from '../../redis/index.ts'
import { tellBrand } from '../../webhooks/index.ts'
import type { EconomyAlarm } from './alarms.ts'

export const tellingPlatform =
  (store: Store, { brand, nowMs }: { brand: string; nowMs: () => number }) =>
  async (alarm: EconomyAlarm): Promise<void> => {
    const { kind, date } = alarm
    const id = `economy-${kind}-${date}`
    await tellBrand(store, { brand, type: 'economy.alarm', id, atMs: nowMs(), data: { ...alarm } })
  }
