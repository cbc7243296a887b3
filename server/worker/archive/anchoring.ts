/** Writes an anchor of the archive once a day. */

import type { KeyObject } from 'node:crypto'
import type { Log } from '../../kernel/index.ts'
import type { Partitions, Store } from '../../redis/index.ts'
import { ANCHOR_MS } from '../limits.ts'
import { lastAnchorMs, writeAnchor } from './anchors.ts'

export interface Anchors {
  file: string
  /** Undefined where this process has no secret to sign with. */
  key: KeyObject | undefined
}

/** A function that writes one where the newest is a day old. Throws where it cannot be written; call it again later. */
export function createAnchoring(
  { file, key }: Anchors,
  of: { store: Store; partitions: Partitions; log: Log; nowMs: () => number },
): () => Promise<void> {
  let lastMs: number | undefined
  return async () => {
    const nowMs = of.nowMs()
    lastMs ??= lastAnchorMs(file)
    if (nowMs - lastMs < ANCHOR_MS) return
    const partitions = await writeAnchor({ ...of, file, key, nowMs })
    if (partitions === 0) return
    lastMs = nowMs
    of.log.info({ file, partitions }, 'the archive is anchored')
  }
}
