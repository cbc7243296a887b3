/** The demo: a room that is always live, its rewards, and bots on demand. */

import type { Config } from '../config.ts'
import type { Core } from '../core.ts'
import { createRoom, getRoom, startLive } from '../rooms/index.ts'
import { stockDemo } from './rewards.ts'

export const DEMO = { id: 'demo', name: '周六晚的厨房', timeZone: 'Asia/Shanghai' }

/** The brand that the demo belongs to: the first that signs tickets. */
export const demoBrand = (config: Config): string => config.keys.tickets[0]?.brand ?? 'demo'

export async function openDemo(core: Core): Promise<void> {
  const { store, config } = core
  const brand = demoBrand(config)
  await createRoom(store, { ...DEMO, brand })
  const room = await getRoom(store, DEMO.id)
  if (room?.live.state === 'ended') await startLive(store, { room: DEMO.id })
  await stockDemo(core, brand)
}
