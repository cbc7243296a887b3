/** Times and sizes of the pages about rules. */

import { SECOND_MS } from '../../../shared/time.ts'

/** A change is kept when nothing was typed for this long. */
export const SAVE_AFTER_MS = 400
/** How often it is asked whether somebody else drafted or published. */
export const RULES_EVERY_MS = 5 * SECOND_MS
/** Of the note beside a version. */
export const NOTE_CHARS_MAX = 200
/** Versions shown beside the draft; the others are in the history. */
export const VERSIONS_BESIDE = 3
