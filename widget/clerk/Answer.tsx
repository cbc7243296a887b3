/** The answer to a code: big, in one colour, with the reason below. */

import { CODE_LENGTH, groupedCode } from '../../shared/pickup.ts'
import { momentOf } from '../rewards/moments.ts'
import { Shape } from '../ui/icons.tsx'
import { check, clock, warn, x } from '../ui/shapes.ts'
import { NUMBER_ID, SCAN_ID } from './Ask.tsx'
import { type Desk, titleOf } from './desk.ts'
import type { Verdict } from './model.ts'

interface Words {
  head: string
  /** What was before. */
  why?: string
  /** What to do now. */
  next?: string
}

function wordsOf(verdict: Verdict, { t, lang, nowMs }: Desk): Words {
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
      return { head: t.used, ...(why && { why }), next: t.usedNext }
    }
    case 'typo': {
      const { chars } = verdict
      return { head: t.typo, next: chars === CODE_LENGTH ? t.typoChars : t.typoCount(chars) }
    }
    default:
      return { head: t[verdict.kind], next: t[`${verdict.kind}Next`] }
  }
}

/** A slip stands as it was typed. */
const said = ({ kind, short }: Verdict): string => (kind === 'typo' ? short : groupedCode(short))

const LOOKS: Record<Verdict['kind'], 'good' | 'bad' | 'ask'> = {
  good: 'good',
  used: 'bad',
  closed: 'bad',
  unknown: 'bad',
  elsewhere: 'bad',
  over: 'bad',
  forged: 'bad',
  unlisted: 'ask',
  wait: 'ask',
  full: 'ask',
  often: 'ask',
  typo: 'ask',
  foreign: 'ask',
}

/** What asks for another try, and what asks to wait. */
const signOf = (kind: Verdict['kind'], look: 'good' | 'bad' | 'ask') =>
  look === 'good' ? check : look === 'bad' ? x : kind === 'wait' || kind === 'often' ? clock : warn

/** The same at each drawing: the focus is taken once. */
const focusIt = (button: HTMLButtonElement | null) => button?.focus()

export function Answer({ desk }: { desk: Desk }) {
  const { model, t, lang } = desk
  const verdict = model.verdict.value
  if (!verdict) return null
  const look = LOOKS[verdict.kind]
  const { head, why, next } = wordsOf(verdict, desk)
  const title = 'title' in verdict ? titleOf(verdict.title, lang) : undefined
  return (
    <section class={`answer ${look}`} role="alert" aria-atomic="true">
      <Shape d={signOf(verdict.kind, look)} />
      <h2>{head}</h2>
      {title && <p class="what">{title}</p>}
      {verdict.short && <p class="ff-n code">{said(verdict)}</p>}
      {why && <p class="why">{why}</p>}
      {next && <p class="next">{next}</p>}
      <button
        type="button"
        class="ff-btn"
        ref={focusIt}
        onClick={() => {
          model.next()
          desk.camera.again()
          // On a phone the number's field would open the keyboard over the camera's picture.
          const types = verdict.kind === 'typo' || matchMedia('(pointer: fine)').matches
          document.getElementById(types ? NUMBER_ID : SCAN_ID)?.focus()
        }}
      >
        {verdict.kind === 'typo' ? t.correct : t.next}
      </button>
    </section>
  )
}
