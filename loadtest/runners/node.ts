/** Plays a plan in this process, over Socket.IO's own library. */

import { systemRuntime } from '../../widget/client/runtime.ts'
import { socketIo } from '../../widget/client/socketio.ts'
import { withWatermarks } from '../../widget/client/watermarks.ts'
import { createMeter } from '../slo/metrics.ts'
import type { ViewerRecord } from '../viewer/record.ts'
import { playViewer } from '../viewer/viewer.ts'
import type { Runner } from './run.ts'

export const runWithNode: Runner = async ({ plan, url, tickets }, started) => {
  const { meter, measured } = createMeter()
  started(process.pid)
  const play = (number: number, ticket: string) =>
    new Promise<ViewerRecord>((left) => {
      const runtime = systemRuntime
      const of = {
        number,
        plan,
        url,
        ticket,
        socketFactory: withWatermarks(socketIo),
        runtime,
        meter,
      }
      playViewer({ ...of, elapsedMs: 0 }, left)
    })
  const records = await Promise.all(tickets.map((ticket, number) => play(number, ticket)))
  return { measured: measured(), records }
}
