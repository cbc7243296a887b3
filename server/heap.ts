/** When V8 collects the old part of a process' memory. */

import { setFlagsFromString } from 'node:v8'

/**
 * How far the old part may grow over what lives in it before all of it is marked: three times as much again. V8's own choice
 * is 1.1 to 1.6 for a gateway, whose viewers' states grow old a few MB a second: then its threads mark 50 MB every few seconds on the
 * cores that answers need, and at nine tenths of two cores everybody waits a tenth of a second each time
 * (docs/performance.md).
 */
export const RARELY = '--heap-growing-percent=300'

/** Fewer full collections for more memory, by some 150 MB on a gateway at full load. V8 asks for it at each collection, so it holds from the next one on. */
export const collectRarely = (): void => setFlagsFromString(RARELY)
