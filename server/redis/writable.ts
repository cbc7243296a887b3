/** Whether Redis takes writes now: a start writes, and a new release loads its scripts, which Redis counts as writing. */

import type { Store } from './script.ts'
import { isCluster, masters } from './topology.ts'

/** Refused for the same reasons as every script that writes, before it has done anything. */
const PROBE = '#!lua\nreturn 1'

const WHAT_TO_DO: Record<string, string> = {
  OOM: 'its memory is full: raise maxmemory or add masters',
  MISCONF: 'its file cannot be written: make room on its disk',
  NOREPLICAS: 'it has fewer replicas than min-replicas-to-write asks for: bring them back',
}

/** Why a master refuses to write, and what to do; undefined where all take writes. Throws where one cannot be reached. */
export async function refusesWrites(store: Store): Promise<string | undefined> {
  for (const master of await masters(store)) {
    const refusal = await master.eval(PROBE, 0).then(
      () => undefined,
      (error: Error) => error,
    )
    const [code = ''] = refusal?.message.split(' ') ?? []
    const what = WHAT_TO_DO[code]
    const { host, port } = master.options
    if (what !== undefined) return isCluster(store) ? `${host}:${port}: ${what}` : what
    // Who may not run this may still run functions; what is really wrong the start will meet.
  }
  return undefined
}
