/** The answer to a code: big, in one colour, with the reason below. */

import { groupedCode } from '../../shared/pickup.ts'
import { momentOf } from '../rewards/moments.ts'
import { Shape } from '../ui/icons.tsx'
import { check, clock, x } from '../ui/shapes.ts'
import { type Desk, titleOf } from './desk.ts'
import type { Verdict } from './model.ts'

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

export function Answer({ desk }: { desk: Desk }) {
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
