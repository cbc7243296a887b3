/** Effects of the room, from its moments to the lane over the picture. */

import type { Moment } from '../../shared/room-state.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import { createShow, type Effect, effectOf, type Show } from './show.ts'

/** Plays what happened while the script was on its way, then what happens; never in safe or quiet mode. */
export function startShow({ client, model, runtime, reactive, early }: SheetDeps): Show {
  const { effect, signal } = reactive
  const shown = signal<{ key: number; effect: Effect } | undefined>(undefined)
  const show = createShow(runtime, shown, () => model.celebration.value !== undefined)
  const silent = () => model.state.value.room?.safe === true || model.prefs.quiet.value
  const play = (moment: Moment) => {
    if (moment.kind === 'stage.safe' && moment.safe) show.clear()
    const next = effectOf(moment, client.serverNow())
    if (next && !silent()) show.push(next)
  }
  for (const moment of early?.splice(0) ?? []) play(moment)
  client.on('moment', play)
  effect(() => {
    if (silent()) show.clear()
  })
  return show
}
