/** Plays a plan in this process, over Socket.IO's own library. */

import { systemRuntime } from '../../widget/client/runtime.ts'
import { socketIo } from '../../widget/client/socketio.ts'
import { createMeter } from '../slo/metrics.ts'
import type { ViewerRecord } from '../viewer/record.ts'
import { playViewer } from '../viewer/viewer.ts'
import type { Runner } from './run.ts'

/** A viewer that comes this late makes another plan of it. */
const LATE_MS = 1000

export const runWithNode: Runner = async ({ plan, url, tickets }, started) => {
  const { meter, measured } = createMeter()
  const runtime = systemRuntime
  started(process.pid)
  const startedAtMs = runtime.now()
  const play = (number: number, ticket: string) =>
    new Promise<ViewerRecord>((left) => {
      const dueMs = (number * plan.arriveMs) / plan.viewers
      runtime.after(dueMs, () => {
        const elapsedMs = runtime.now() - startedAtMs
        if (elapsedMs - dueMs > LATE_MS) meter('dropped_iterations', 1)
        playViewer(
          { number, plan, url, ticket, socketFactory: socketIo, runtime, meter, elapsedMs },
          left,
        )
      })
    })
  const records = await Promise.all(tickets.map((ticket, number) => play(number, ticket)))
  return { measured: measured(), records }
}
