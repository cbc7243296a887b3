/**
 * The counter: a code comes in, one answer goes out, with or without network. What was handed over without network
 * is on record before the answer is shown, and told to the service under the same id until it has heard it.
 */

import { batch, computed, signal } from '@preact/signals'
import { CODE_LENGTH, readTicket, typedChars, typedShort } from '../../shared/pickup.ts'
import type { CodeFirstUse, PickupLine } from '../../shared/rewards.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { randomId } from '../client/ids.ts'
import type { Runtime } from '../client/runtime.ts'
import { dayAt, nextDay } from './days.ts'
import type { Conflict, Kept, KeptStore, Left, Queued } from './kept.ts'
import { LIST_AGAIN_MS, QUEUED_MAX, SYNC_AGAIN_MS, SYNC_BATCH } from './limits.ts'
import { KeyRefused, type PickupService, Unreached, type UseAnswer } from './service.ts'
import type { Verified } from './verify.ts'

export type Verdict =
  /** `offline`: by the signature alone, to be told to the service later. */
  | { kind: 'good'; short: string; title?: Label; atMs: number; offline: boolean }
  | { kind: 'used'; short: string; title?: Label; first: CodeFirstUse; here: boolean }
  | { kind: 'closed' | 'unknown' | 'elsewhere' | 'over' | 'forged'; short: string }
  /** Without network a typed code that is on no list cannot be told from a guess. */
  | { kind: 'unlisted' | 'wait' | 'full' | 'often'; short: string }
  /** No number: so many characters of it were typed. `foreign`: something else was scanned. */
  | { kind: 'typo'; short: string; chars: number }
  | { kind: 'foreign'; short: '' }

export interface ClerkOptions {
  service: PickupService
  kept: KeptStore
  verify(qr: string, point: NonNullable<Kept['point']>): Promise<Verified>
  runtime: Runtime
  nowMs(): number
}

const isSigned = (code: string): boolean => readTicket(code) !== undefined

/** Twice a number's length is a slip of the finger; anything longer came from another code. */
const SLIP_MAX = 2 * CODE_LENGTH

/** What is plainly no code: it costs neither a call nor one of the wrong codes that a clerk may try. */
function noCode(code: string): Verdict | undefined {
  if (isSigned(code) || typedShort(code) !== undefined) return undefined
  const chars = [...typedChars(code)].length
  const isLink = code.includes('://') || chars > SLIP_MAX
  return isLink
    ? { kind: 'foreign', short: '' }
    : { kind: 'typo', short: code.slice(0, SLIP_MAX), chars }
}

export type ClerkModel = ReturnType<typeof createClerk>

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure of small functions over the same signals.
export function createClerk({ service, kept, verify, runtime, nowMs }: ClerkOptions) {
  const first = kept.read()
  const point = signal(first.point)
  const lists = signal(first.lists)
  const queue = signal(first.queue)
  const conflicts = signal(first.conflicts)
  const online = signal(true)
  const refused = signal(false)
  const untold = signal<Queued[]>([])
  const working = signal(false)
  const verdict = signal<Verdict | undefined>(undefined)
  const zone = () => point.value?.timeZone ?? 'Asia/Shanghai'
  const today = signal(dayAt(nowMs(), zone()))
  const day = signal(today.value)

  /** True where it is on record. */
  function save(change: Partial<Kept>): boolean {
    const done = kept.save(change)
    const now = kept.read()
    batch(() => {
      point.value = now.point
      lists.value = now.lists
      queue.value = now.queue
      conflicts.value = now.conflicts
    })
    return done
  }

  const lineOf = (short: string): PickupLine | undefined =>
    Object.values(lists.value)
      .flat()
      .find(({ code }) => code === short)

  /** Of the reward that a signed code names: what else lay here tells its title. */
  const titleOfReward = (reward: string): Label =>
    Object.values(lists.value)
      .flat()
      .find((line) => line.reward === reward)?.title ?? { zh: reward, en: reward }

  const firstOf = (short: string): CodeFirstUse | undefined =>
    kept.read().known.find((one) => one.short === short)

  function know(short: string, use: CodeFirstUse, title?: Label): boolean {
    if (firstOf(short)) return true
    const { known, lists: all } = kept.read()
    const marked = Object.fromEntries(
      Object.entries(all).map(([when, lines]) => [
        when,
        lines.map((line) =>
          line.code === short ? { ...line, state: 'used' as const, usedAtMs: use.atMs } : line,
        ),
      ]),
    )
    return save({ known: [...known, { ...use, short, ...(title && { title }) }], lists: marked })
  }

  const mine = (atMs: number): CodeFirstUse => ({
    atMs,
    clerk: point.value?.clerk ?? '',
    device: kept.read().device,
  })
  const isHere = ({ device }: CodeFirstUse) => device === kept.read().device

  function answered(short: string, answer: UseAnswer): Verdict {
    const title = answer.ok ? answer.title : lineOf(short)?.title
    const titled = title && { title }
    if (answer.ok) {
      know(answer.code, mine(answer.atMs), answer.title)
      return { kind: 'good', short, ...titled, atMs: answer.atMs, offline: false }
    }
    if (answer.code === 'already_used' && answer.first) {
      know(short, answer.first, title)
      return { kind: 'used', short, ...titled, first: answer.first, here: isHere(answer.first) }
    }
    if (answer.code === 'redemption_closed')
      return { kind: answer.field === 'until' ? 'over' : 'closed', short }
    return { kind: answer.code === 'rate_limited' ? 'often' : 'unknown', short }
  }

  /** The service has no such code here: a signed one says itself whether it is forged or of another point. */
  async function named(code: string, verdict: Verdict): Promise<Verdict> {
    const here = point.value
    if (verdict.kind !== 'unknown' || !here || !isSigned(code)) return verdict
    const checked = await verify(code, here)
    const why = checked.ok ? undefined : checked.why
    return why === 'forged' || why === 'elsewhere' ? { ...verdict, kind: why } : verdict
  }

  /** By what the phone knows: the signature, the list and what it has seen used. */
  async function offline(code: string, useId: string): Promise<Verdict> {
    const here = point.value
    const short = typedShort(code) ?? code
    if (!here) return { kind: 'wait', short }
    const checked = isSigned(code) ? await verify(code, here) : undefined
    if (checked && !checked.ok) {
      const { why } = checked
      return { kind: why === 'foreign' ? 'unknown' : why === 'cannot' ? 'wait' : why, short }
    }
    const known = checked?.ticket.code ?? short
    const line = lineOf(known)
    const named = line?.title ?? (checked && titleOfReward(checked.ticket.reward))
    const title = named && { title: named }
    const before = firstOf(known)
    if (before) return { kind: 'used', short: known, ...title, first: before, here: isHere(before) }
    if (line?.state === 'used')
      return {
        kind: 'used',
        short: known,
        ...title,
        first: { atMs: line.usedAtMs ?? 0, clerk: '', device: '' },
        here: false,
      }
    if (!checked && !line) return { kind: 'unlisted', short }
    if (queue.value.length >= QUEUED_MAX) return { kind: 'full', short: known }
    const atMs = nowMs()
    const { device } = kept.read()
    const use: Queued = { useId, code, device, atMs, short: known, ...title }
    if (!save({ queue: [...queue.value, use] })) return { kind: 'full', short: known }
    know(known, mine(atMs), named)
    void soon()
    return { kind: 'good', short: known, ...title, atMs, offline: true }
  }

  async function judge(code: string): Promise<Verdict> {
    const slip = noCode(code)
    if (slip) return slip
    const useId = randomId()
    const { device } = kept.read()
    const short = readTicket(code)?.ticket.code ?? typedShort(code) ?? code.trim().slice(0, 24)
    try {
      const answer = await service.use({ useId, code, device })
      online.value = true
      return await named(code, answered(short, answer))
    } catch (error) {
      if (!(error instanceof Unreached)) throw error
      online.value = false
      // The same id: should the service have heard it after all, it is one use.
      return offline(code, useId)
    }
  }

  async function hand(text: string): Promise<void> {
    // A scanner that types goes through the Chinese keyboard as well, and widens what it types.
    const code = text.normalize('NFKC').trim()
    if (working.value || code === '') return
    working.value = true
    try {
      verdict.value = await judge(code)
    } catch (error) {
      if (error instanceof KeyRefused) withdraw()
      else throw error
    } finally {
      working.value = false
    }
  }

  // Telling the service.

  function settle(use: Queued, answer: UseAnswer): Conflict | undefined {
    const { useId, short, title, atMs } = use
    if (answer.ok) return undefined
    const base = { useId, short, atMs, ...(title && { title }) }
    if (answer.code === 'already_used')
      return { ...base, why: 'used', ...(answer.first && { first: answer.first }) }
    return { ...base, why: answer.code === 'redemption_closed' ? 'closed' : 'unknown' }
  }

  const waits = (answer: UseAnswer | undefined): boolean =>
    !answer || (!answer.ok && ['rate_limited', 'busy', 'internal'].includes(answer.code))

  async function sync(): Promise<void> {
    const batchOf = queue.value.slice(0, SYNC_BATCH)
    if (batchOf.length === 0) return
    const answers = await service.sync(
      batchOf.map(({ useId, code, device, atMs }) => ({ useId, code, device, atMs })),
    )
    const done = new Set<string>()
    const found: Conflict[] = []
    for (const [i, use] of batchOf.entries()) {
      const answer = answers[i]
      if (!answer || waits(answer)) continue
      done.add(use.useId)
      const conflict = settle(use, answer)
      if (conflict) found.push(conflict)
    }
    save({
      queue: queue.value.filter(({ useId }) => !done.has(useId)),
      conflicts: [...conflicts.value, ...found],
    })
    if (done.size > 0) await sync()
  }

  /** The key was withdrawn: what it did not tell lies ready for the next key of the point. */
  function withdraw(): void {
    const uses = queue.value
    const here = point.value?.point
    if (uses.length > 0 && here) {
      const own = (one: Left) => one.scope === kept.scope && one.point === here
      const all = kept.readLeft()
      const ids = new Set(uses.map(({ useId }) => useId))
      const before = all
        .filter(own)
        .flatMap((one) => one.uses)
        .filter(({ useId }) => !ids.has(useId))
      const rest = all.filter((one) => !own(one))
      // First where it goes, then where it was: told twice is one use, told never is none.
      if (kept.saveLeft([...rest, { scope: kept.scope, point: here, uses: [...before, ...uses] }]))
        save({ queue: [] })
    }
    const left = kept.readLeft().filter(({ scope }) => scope === kept.scope)
    untold.value = [...left.flatMap((one) => one.uses), ...queue.value]
    refused.value = true
  }

  /** Takes over what withdrawn keys of this point left on this phone, as far as there is room. */
  function takeOver(here: string): void {
    let room = QUEUED_MAX - queue.value.length
    const taken: Queued[] = []
    const stays = kept.readLeft().flatMap((one) => {
      if (one.point !== here) return [one]
      const uses = one.uses.slice(0, room)
      room -= uses.length
      taken.push(...uses)
      const rest = one.uses.slice(uses.length)
      return rest.length > 0 ? [{ ...one, uses: rest }] : []
    })
    if (taken.length === 0) return
    const waiting = new Set(queue.value.map(({ useId }) => useId))
    const fresh = taken.filter(({ useId }) => !waiting.has(useId))
    if (save({ queue: [...queue.value, ...fresh] })) kept.saveLeft(stays)
    for (const { short, atMs, device, title } of fresh)
      know(short, { atMs, clerk: '', device }, title)
  }

  async function readLists(): Promise<void> {
    const view = await service.point()
    save({ point: view })
    takeOver(view.point)
    today.value = dayAt(nowMs(), zone())
    const days = [today.value, nextDay(today.value)]
    if (!days.includes(day.value)) day.value = today.value
    const read = await Promise.all(
      days.map(async (when) => [when, await service.list(when)] as const),
    )
    save({ lists: Object.fromEntries(read) })
  }

  let cancel = () => {}
  let running: Promise<void> | undefined

  async function round(): Promise<void> {
    cancel()
    try {
      await sync()
      await readLists()
      online.value = true
    } catch (error) {
      if (error instanceof KeyRefused) withdraw()
      else if (error instanceof Unreached) online.value = false
      else throw error
    }
    const hurry = !online.value || queue.value.length > 0
    if (!refused.value)
      cancel = runtime.after(hurry ? SYNC_AGAIN_MS : LIST_AGAIN_MS, () => void soon())
  }

  /** Reads and tells; never twice at the same time. */
  function soon(): Promise<void> {
    running ??= round().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    point,
    online,
    refused,
    /** Of a withdrawn key: what was handed over and the service has not heard of. */
    untold,
    working,
    verdict,
    conflicts,
    waiting: computed(() => queue.value.length),
    today,
    tomorrow: computed(() => nextDay(today.value)),
    day,
    lines: computed(() => lists.value[day.value] ?? []),
    /** A code that was scanned or typed: hands over what it stands for. */
    hand,
    next: () => {
      verdict.value = undefined
    },
    dismiss: (useId: string) =>
      save({ conflicts: conflicts.value.filter((one) => one.useId !== useId) }),
    /** The network is back, or the page is seen again. */
    wake: soon,
    end: () => cancel(),
  }
}
