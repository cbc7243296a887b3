/** The counter on a phone: camera, number, one big answer, and the list of the day. */

import { signal } from '@preact/signals'
import { groupedCode } from '../../shared/pickup.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { momentOf } from '../rewards/moments.ts'
import { Shape } from '../ui/icons.tsx'
import type { Lang } from '../ui/lang.ts'
import { check, clock, plug, search, warn, x } from '../ui/shapes.ts'
import type { Conflict } from './kept.ts'
import type { ClerkModel, Verdict } from './model.ts'
import type { ClerkStrings } from './strings.ts'

export interface Desk {
  model: ClerkModel
  lang: Lang
  t: ClerkStrings
  nowMs(): number
  camera: Camera
}

export interface Camera {
  state: { readonly value: 'off' | 'on' | 'none' }
  start(): void
  stop(): void
  /** Goes on looking, where the last code came from the camera. */
  again(): void
  /** Where the picture goes. */
  show(video: HTMLVideoElement | null): void
}

const titleOf = (title: Label | undefined, lang: Lang) => title?.[lang]

function wordsOf(verdict: Verdict, { t, lang, nowMs }: Desk): { head: string; why?: string } {
  const when = (atMs: number) => momentOf(atMs, nowMs(), lang)
  switch (verdict.kind) {
    case 'good':
      return { head: t.good, ...(verdict.offline && { why: t.goodOffline }) }
    case 'used': {
      const { first, here } = verdict
      const why =
        first.atMs === 0
          ? undefined
          : here
            ? t.usedHere(when(first.atMs))
            : t.usedBy(first.clerk, when(first.atMs))
      return { head: t.used, ...(why && { why }) }
    }
    case 'scan':
      return { head: t.needScan }
    default:
      return { head: t[verdict.kind] }
  }
}

const LOOKS: Record<Verdict['kind'], 'good' | 'bad' | 'ask'> = {
  good: 'good',
  used: 'bad',
  closed: 'bad',
  unknown: 'bad',
  elsewhere: 'bad',
  over: 'bad',
  forged: 'bad',
  scan: 'ask',
  wait: 'ask',
  full: 'ask',
}
const SIGNS = { good: check, bad: x, ask: clock }

function Answer({ desk }: { desk: Desk }) {
  const { model, t, lang } = desk
  const verdict = model.verdict.value
  if (!verdict) return null
  const look = LOOKS[verdict.kind]
  const { head, why } = wordsOf(verdict, desk)
  const title = 'title' in verdict ? titleOf(verdict.title, lang) : undefined
  return (
    <section class={`answer ${look}`} role="alert">
      <Shape d={SIGNS[look]} />
      <h2>{head}</h2>
      {title && <p class="what">{title}</p>}
      <p class="ff-n code">{groupedCode(verdict.short)}</p>
      {why && <p class="why">{why}</p>}
      <button
        type="button"
        class="ff-btn"
        ref={(button) => button?.focus()}
        onClick={() => {
          model.next()
          desk.camera.again()
        }}
      >
        {t.next}
      </button>
    </section>
  )
}

const typed = signal('')

function Ask({ desk: { model, t, camera } }: { desk: Desk }) {
  const state = camera.state.value
  return (
    <section class="ask">
      {state === 'on' && (
        <div class="finder">
          <video ref={camera.show} playsInline muted />
          <i />
        </div>
      )}
      <button
        type="button"
        class={`ff-btn ${state === 'on' ? 'ghost' : 'pri'} wide`}
        onClick={state === 'on' ? camera.stop : camera.start}
      >
        {state === 'on' ? t.stopScan : t.scan}
      </button>
      {state === 'none' && (
        <p class="hint" role="status">
          {t.noCamera}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const text = typed.value
          typed.value = ''
          void model.hand(text)
        }}
      >
        <input
          value={typed.value}
          aria-label={t.type}
          placeholder={t.typeHint}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterkeyhint="go"
          maxLength={400}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value
          }}
        />
        <button type="submit" class="ff-btn" disabled={model.working.value || !typed.value.trim()}>
          {model.working.value ? t.working : t.go}
        </button>
      </form>
    </section>
  )
}

const sought = signal('')
const armed = signal<string | undefined>(undefined)

function List({ desk: { model, t, lang, nowMs } }: { desk: Desk }) {
  const all = model.lines.value
  const needle = sought.value.toUpperCase().replaceAll(' ', '')
  const lines = all.filter(
    ({ code, title, name }) =>
      needle === '' ||
      code.includes(needle) ||
      [title.zh, title.en, name ?? ''].some((text) => text.toUpperCase().includes(needle)),
  )
  const left = all.filter(({ state }) => state === 'issued').length
  const days = [
    [model.today.value, t.today],
    [model.tomorrow.value, t.tomorrow],
  ] as const
  return (
    <section class="list">
      <div class="days" role="tablist" aria-label={t.title}>
        {days.map(([day, name]) => (
          <button
            key={day}
            type="button"
            role="tab"
            aria-selected={model.day.value === day}
            onClick={() => {
              model.day.value = day
            }}
          >
            {name}
          </button>
        ))}
        <span class="ff-muted">{t.left(left)}</span>
      </div>
      <label class="seek">
        <Shape d={search} />
        <input
          type="search"
          value={sought.value}
          placeholder={t.search}
          aria-label={t.search}
          onInput={({ currentTarget }) => {
            sought.value = currentTarget.value
          }}
        />
      </label>
      {lines.length === 0 && (
        <p class="hint">{!model.point.value ? t.unread : needle ? t.nothingFound : t.nothing}</p>
      )}
      <ul>
        {lines.map(({ code, title, name, state, usedAtMs }) => (
          <li key={code} class={state}>
            <span class="mid">
              <b>{title[lang]}</b>
              <small>
                <span class="ff-n">{groupedCode(code)}</span>
                {name && (
                  <>
                    {' · '}
                    <bdi>{name}</bdi>
                  </>
                )}
              </small>
            </span>
            {state === 'used' ? (
              <small class="done">
                <Shape d={check} />
                {usedAtMs === undefined ? t.doneShort : t.done(momentOf(usedAtMs, nowMs(), lang))}
              </small>
            ) : (
              <button
                type="button"
                class={`ff-btn sm ff-hit ${armed.value === code ? 'pri' : 'soft'}`}
                aria-label={`${armed.value === code ? t.sure : t.hand} ${title[lang]} ${code}`}
                onClick={() => {
                  if (armed.value !== code) {
                    armed.value = code
                    return
                  }
                  armed.value = undefined
                  void model.hand(code)
                }}
              >
                {armed.value === code ? t.sure : t.hand}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function conflictWords(one: Conflict, { t, lang, nowMs }: Desk): string {
  const when = (atMs: number) => momentOf(atMs, nowMs(), lang)
  if (one.why === 'closed') return t.conflictClosed(when(one.atMs))
  if (one.why === 'unknown' || !one.first) return t.conflictUnknown(when(one.atMs))
  return t.conflictUsed(one.first.clerk, when(one.first.atMs), when(one.atMs))
}

function Conflicts({ desk }: { desk: Desk }) {
  const { model, t, lang } = desk
  const all = model.conflicts.value
  if (all.length === 0) return null
  return (
    <section class="conflicts" role="status">
      <h2>
        <Shape d={warn} />
        {t.conflicts}
      </h2>
      <ul>
        {all.map((one) => (
          <li key={one.useId}>
            <span class="mid">
              <b>
                {titleOf(one.title, lang)} <span class="ff-n">{groupedCode(one.short)}</span>
              </b>
              <small>{conflictWords(one, desk)}</small>
            </span>
            <button
              type="button"
              class="ff-btn sm ghost ff-hit"
              onClick={() => model.dismiss(one.useId)}
            >
              {t.seen}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Head({ desk: { model, t, lang } }: { desk: Desk }) {
  const point = model.point.value
  const waiting = model.waiting.value
  const online = model.online.value
  return (
    <header>
      <span class="mid">
        <h1>{point?.name[lang] ?? t.title}</h1>
        <small>{point?.clerk ?? t.connecting}</small>
      </span>
      <span class="states" role="status">
        <span class={`ff-chip ${online ? 'on' : 'warn'}`}>
          {!online && <Shape d={plug} />}
          {online ? t.online : t.offline}
        </span>
        {waiting > 0 && <span class="ff-chip warn">{t.waiting(waiting)}</span>}
      </span>
    </header>
  )
}

export function App({ desk }: { desk: Desk }) {
  const { model, t } = desk
  if (model.refused.value) return <Sorry text={t.refused} />
  return (
    <>
      <Head desk={desk} />
      <main>
        <Answer desk={desk} />
        <Ask desk={desk} />
        <Conflicts desk={desk} />
        <List desk={desk} />
      </main>
    </>
  )
}

export function Sorry({ text }: { text: string }) {
  return (
    <main class="sorry">
      <Shape d={warn} />
      <p>{text}</p>
    </main>
  )
}
