/** Times and sizes of the clerk's page. */

/** Uses that wait for the network; beyond it nothing is handed over without one. */
export const QUEUED_MAX = 500
/** Codes this phone has seen used, the latest kept. */
export const KNOWN_MAX = 2000
/** Second uses that were found, the latest kept until they are put away. */
export const CONFLICTS_MAX = 100
/** Uses sent at once. */
export const SYNC_BATCH = 20
/** The service is asked again after this while something waits or it did not answer. */
export const SYNC_AGAIN_MS = 5_000
/** The list is read again after this. */
export const LIST_AGAIN_MS = 20_000
/** A request without an answer for this long counts as no network. */
export const REQUEST_MS = 6_000
/** The camera's picture is looked at this often. */
export const LOOK_MS = 160
/** Longer side of the picture that is looked at, px: enough for a code, and quick on an old phone. */
export const LOOK_PX = 800
/** The same code stays in front of the camera; it is not asked again before this. */
export const SAME_CODE_MS = 4_000
