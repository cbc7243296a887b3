/** Sizes and times of targeting. */

import { DAY_MS } from '../../shared/time.ts'

/** Records of one call, and those of an element beside them: some 4 ms of Redis. With fewer, who acts all the time is written all the time. */
export const RECORDS_PER_CALL = 1000
/** Records that one worker remembers of a partition; the one not used for longest is read again. */
export const RECORDS_KNOWN = 5000
/** As many as accounts: what there is of an account is what bounds them. */
export const RECORDS_MAX = Number.MAX_SAFE_INTEGER
/** What follows is kept until it is done; a partition with more takes no news until some of it is. */
export const CONSEQUENCES_MAX = 10_000
/** Every record is looked at so often though nothing happens, and no more once its owner has been away so long. */
export const REVIEW_MS = DAY_MS
export const REVIEW_UNTIL_DAYS = 400
export const REVIEWS_PER_PASS = 200
