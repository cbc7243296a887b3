/** Viewers of one server: they come, act all at once or at a pace, and listen. */

import { readAnswer } from './answer.ts'
import { Link } from './link.ts'
import { PacedRun } from './paced-run.ts'
import { type Said, SPEECHES, type Speech } from './speech.ts'
import type { Burst, BurstWish, Listened, OpenWish, Pace, PaceWish } from './wishes.ts'

const PACE_STEP_MS = 5
const ENTER_ATTEMPTS = 3
const ENTER_AGAIN_MS = 500

interface Viewer {
  link: Link
  seq: number
  /** Hears answers while something is under way. */
  answered: ((taken: boolean, said: Said) => void) | undefined
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export class Crowd {
  /** In the order of their tickets. */
  readonly #viewers: Viewer[] = []
  #speech: Speech = SPEECHES.listener
  #frames = 0
  #bytes = 0
  #lost = ''

  /** Rejects where somebody is not let in, or not all are in time. */
  async open(wish: OpenWish): Promise<{ ms: number }> {
    this.#speech = SPEECHES[wish.speech]
    const startedMs = performance.now()
    let next = 0
    const doorkeeper = async () => {
      for (;;) {
        const i = next++
        const ticket = wish.tickets[i]
        if (ticket === undefined) return
        if (performance.now() - startedMs > wish.msMax)
          throw new Error(`${i} viewers came in ${wish.msMax} ms`)
        this.#viewers[i] = await this.#enterPatiently(wish.port, ticket, wish.msMax)
      }
    }
    await Promise.all(Array.from({ length: wish.atOnce }, doorkeeper))
    return { ms: performance.now() - startedMs }
  }

  /** Whom a busy server turns away comes back, as a client does. */
  async #enterPatiently(port: number, ticket: string, msMax: number): Promise<Viewer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#enter(port, ticket, msMax)
      } catch (error) {
        if (attempt === ENTER_ATTEMPTS) throw error
        await wait(ENTER_AGAIN_MS)
      }
    }
  }

  #enter(port: number, ticket: string, msMax: number): Promise<Viewer> {
    return new Promise((resolve, reject) => {
      let ready = false
      const viewer: Viewer = {
        seq: 0,
        answered: undefined,
        link: new Link({
          port,
          ticket,
          speech: this.#speech,
          onHeard: (heard, said) => {
            this.#frames += 1
            this.#bytes += said.to - said.from
            if (heard === 'answer') viewer.answered?.(true, said)
            else if (heard === 'refused' && ready) viewer.answered?.(false, said)
            else if (heard === 'refused')
              turnedAway(said.bytes.toString('latin1', said.from, said.to))
            else if (heard === 'ready') {
              ready = true
              clearTimeout(late)
              resolve(viewer)
            }
          },
          onGone: (why) => {
            if (ready) this.#lost = why
            else turnedAway(why)
          },
        }),
      }
      const turnedAway = (why: string) => {
        clearTimeout(late)
        viewer.link.close()
        reject(new Error(why))
      }
      const late = setTimeout(() => turnedAway('a viewer was not welcomed'), msMax)
    })
  }

  /** All viewers at once, each with one turn under way. */
  async burst({ turns, eventsPerTurn, count, msMax }: BurstWish): Promise<Burst> {
    const startedMs = performance.now()
    const result: Burst = { turns: 0, refused: 0, late: 0, ms: 0 }
    let playing = this.#viewers.length
    await new Promise<void>((done) => {
      const late = setTimeout(() => {
        result.late = playing
        done()
      }, msMax)
      const finished = () => {
        playing -= 1
        if (playing > 0) return
        clearTimeout(late)
        done()
      }
      for (const viewer of this.#viewers) {
        let left = turns
        const turn = () => {
          left -= 1
          this.#say(viewer, eventsPerTurn, count)
        }
        viewer.answered = (taken) => {
          result.turns += 1
          if (!taken) result.refused += 1
          if (left > 0) turn()
          else finished()
        }
        turn()
      }
    })
    for (const viewer of this.#viewers) viewer.answered = undefined
    this.#nobodyLost()
    return { ...result, ms: performance.now() - startedMs }
  }

  #say(viewer: Viewer, events: number, count: number): void {
    if (events === 1) {
      viewer.seq += 1
      viewer.link.say(this.#speech.event(viewer.seq, count, true))
      return
    }
    const texts: string[] = []
    for (let i = 1; i <= events; i++) {
      viewer.seq += 1
      texts.push(this.#speech.event(viewer.seq, count, i === events))
    }
    viewer.link.sayAll(texts)
  }

  /** Taps come by the clock, whatever the answers do; viewers tap in turn. */
  async pace(wish: PaceWish): Promise<Pace> {
    const run = new PacedRun(this.#viewers.length, (i, count, again) => {
      const viewer = this.#viewers[i]
      if (!viewer) return 0
      const seq = again ?? viewer.seq + 1
      viewer.seq = Math.max(viewer.seq, seq)
      viewer.link.say(this.#speech.event(seq, count, true))
      return seq
    })
    for (const [i, viewer] of this.#viewers.entries())
      viewer.answered = (_taken, said) => run.answered(i, readAnswer(said))
    const startedMs = performance.now()
    for (;;) {
      const now = performance.now()
      const elapsed = Math.min(now - startedMs, wish.ms)
      run.tapUntil(Math.floor((wish.tapsPerSec * elapsed) / 1000), now, wish.tapsPerSec)
      run.flush(elapsed < wish.ms ? now - wish.mergeMs : now)
      run.sayAgain(now)
      if (elapsed >= wish.ms) break
      await wait(PACE_STEP_MS)
    }
    const drainedMs = performance.now() + wish.drainMs
    while (run.waiting > 0 && performance.now() < drainedMs) {
      run.sayAgain(performance.now())
      await wait(PACE_STEP_MS)
    }
    for (const viewer of this.#viewers) viewer.answered = undefined
    this.#nobodyLost()
    return run.result()
  }

  /** Counts what comes by itself. */
  async listen(ms: number): Promise<Listened> {
    const [frames, bytes] = [this.#frames, this.#bytes]
    await wait(ms)
    this.#nobodyLost()
    return { frames: this.#frames - frames, bytes: this.#bytes - bytes }
  }

  close(): void {
    for (const { link } of this.#viewers.splice(0)) link.close()
    this.#lost = ''
  }

  #nobodyLost(): void {
    if (this.#lost !== '') throw new Error(`a viewer was cut off: ${this.#lost}`)
  }
}
