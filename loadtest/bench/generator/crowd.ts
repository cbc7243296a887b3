/** Viewers of one server: they come, act all at once or at a pace, and listen. */

import { percentile } from '../stats.ts'
import { Link } from './link.ts'
import { type Said, SPEECHES, type Speech } from './speech.ts'
import type { Burst, BurstWish, Listened, OpenWish, Pace, PaceWish } from './wishes.ts'

const PACE_STEP_MS = 5

interface Viewer {
  link: Link
  seq: number
  /** Hears answers while something is under way. */
  answered: ((taken: boolean, said: Said) => void) | undefined
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export class Crowd {
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
        const ticket = wish.tickets[next++]
        if (ticket === undefined) return
        if (performance.now() - startedMs > wish.msMax)
          throw new Error(`${this.#viewers.length} viewers came in ${wish.msMax} ms`)
        await this.#enter(wish.port, ticket, wish.msMax)
      }
    }
    await Promise.all(Array.from({ length: wish.atOnce }, doorkeeper))
    return { ms: performance.now() - startedMs }
  }

  #enter(port: number, ticket: string, msMax: number): Promise<void> {
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
              reject(new Error(said.bytes.toString('latin1', said.from, said.to)))
            else if (heard === 'ready') {
              ready = true
              clearTimeout(late)
              this.#viewers.push(viewer)
              resolve()
            }
          },
          onGone: (why) => {
            this.#lost = why
            reject(new Error(why))
          },
        }),
      }
      const late = setTimeout(() => reject(new Error('a viewer was not welcomed')), msMax)
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
    const run = new PacedRun(this.#viewers.length)
    for (const [i, viewer] of this.#viewers.entries())
      viewer.answered = (taken, { bytes, from, to }) =>
        run.answered(i, taken, bytes.toString('utf8', from, to))
    const say = (i: number, count: number) => {
      const viewer = this.#viewers[i]
      if (!viewer) return
      viewer.seq += 1
      viewer.link.say(this.#speech.event(viewer.seq, count, true))
    }
    const startedMs = performance.now()
    for (;;) {
      const now = performance.now()
      const elapsed = Math.min(now - startedMs, wish.ms)
      run.tapUntil(Math.floor((wish.tapsPerSec * elapsed) / 1000), now)
      run.flush(elapsed < wish.ms ? now - wish.mergeMs : now, say)
      if (elapsed >= wish.ms) break
      await wait(PACE_STEP_MS)
    }
    const drainedMs = performance.now() + wish.drainMs
    while (run.waiting > 0 && performance.now() < drainedMs) await wait(PACE_STEP_MS)
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

/** The books of one paced run. */
class PacedRun {
  readonly #viewers: number
  readonly #latencies: number[] = []
  /** Of each viewer: taps that wait to be sent, since when, and when commands without an answer began. */
  readonly #taps: number[]
  readonly #since: number[]
  readonly #open: number[][]
  /** Viewers with waiting taps, the longest first. */
  #toSend: number[] = []
  #tapped = 0
  #commands = 0
  #refused = 0
  readonly #earned: number[]
  readonly #shown: number[]

  constructor(viewers: number) {
    this.#viewers = viewers
    this.#taps = new Array<number>(viewers).fill(0)
    this.#since = new Array<number>(viewers).fill(0)
    this.#open = Array.from({ length: viewers }, () => [])
    this.#earned = new Array<number>(viewers).fill(0)
    this.#shown = new Array<number>(viewers).fill(-1)
  }

  get waiting(): number {
    return this.#commands - this.#latencies.length
  }

  tapUntil(total: number, nowMs: number): void {
    for (; this.#tapped < total; this.#tapped++) {
      const i = this.#tapped % this.#viewers
      const taps = this.#taps[i] ?? 0
      this.#taps[i] = taps + 1
      if (taps > 0) continue
      this.#since[i] = nowMs
      this.#toSend.push(i)
    }
  }

  /** Sends what has waited since then or longer. */
  flush(untilMs: number, say: (viewer: number, count: number) => void): void {
    let sent = 0
    for (const i of this.#toSend) {
      const since = this.#since[i] ?? 0
      if (since > untilMs) break
      sent += 1
      this.#open[i]?.push(since)
      this.#commands += 1
      say(i, this.#taps[i] ?? 0)
      this.#taps[i] = 0
    }
    this.#toSend = this.#toSend.slice(sent)
  }

  /** Answers of one viewer come in the order of the commands. */
  answered(viewer: number, taken: boolean, text: string): void {
    const since = this.#open[viewer]?.shift()
    if (since === undefined) return
    this.#latencies.push(performance.now() - since)
    if (!taken) {
      this.#refused += 1
      return
    }
    const [answer] = JSON.parse(text.slice(text.indexOf('['))) as [
      { account?: { balance: { spendable: number } }; receipts?: { points: number }[] },
    ]
    if (!answer.account) return
    this.#shown[viewer] = answer.account.balance.spendable
    for (const { points } of answer.receipts ?? [])
      this.#earned[viewer] = (this.#earned[viewer] ?? 0) + points
  }

  result(): Pace {
    const latencies = Float64Array.from(this.#latencies)
    return {
      taps: this.#tapped,
      commands: this.#commands,
      answered: latencies.length,
      refused: this.#refused,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      maxMs: percentile(latencies, 1),
      earned: this.#earned,
      shown: this.#shown,
    }
  }
}
