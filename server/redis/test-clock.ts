/** The only door through which a time other than Redis time reaches a script. */

let open = false

/** Called once at start where the configuration says so, and by tests. */
export function openTestClock(): void {
  open = true
}

/** The `now_ms` argument of a script: -1 lets Redis tell the time. Throws where a time is given and may not be. */
export function scriptNow(nowMs?: number): number {
  if (nowMs === undefined) return -1
  if (!open) throw new Error('a script was given a time, but the test clock is not on')
  return nowMs
}
