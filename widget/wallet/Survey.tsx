/** Asks those whose turn it is whether they would recommend the points, where they see what they got: once. */

import type { ComponentType } from 'preact'
import { SURVEY_MAX } from '../../shared/survey.ts'
import { stylesOnce } from '../overlay/add-styles.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { Lang } from '../ui/lang.ts'
import css from './survey.css?inline'
import { SURVEY_STRINGS } from './survey-strings.ts'

export type SurveyDeps = Pick<SheetDeps, 'client' | 'panel' | 'reactive'>

const SCORES = Array.from({ length: SURVEY_MAX + 1 }, (_, score) => score)

export function createSurvey({
  client,
  panel,
  reactive,
}: SurveyDeps): ComponentType<{ lang: Lang }> {
  const state = reactive.signal<'quiet' | 'asked' | 'thanked'>('quiet')
  const styled = stylesOnce(css)
  let known = false
  reactive.effect(() => {
    if (panel.value !== 'history' || known) return
    known = true
    void client.request('survey.read', {}).then((read) => {
      // The next look asks again.
      known = read?.ok
      if (read?.ok && read.asked) state.value = 'asked'
    })
  })

  /** Without a score the viewer does not want to be asked. */
  function answer(score: number | null): void {
    state.value = score === null ? 'quiet' : 'thanked'
    void client.request('survey.answer', { score }).then((taken) => {
      // What did not arrive can be said again.
      if (!taken?.ok && taken?.code !== 'not_found') state.value = 'asked'
    })
  }

  return ({ lang }) => {
    const s = SURVEY_STRINGS[lang]
    if (state.value === 'quiet') return null
    if (state.value === 'thanked')
      return (
        <p class="sum" role="status">
          {s.thanks}
        </p>
      )
    return (
      <section class="survey" ref={styled}>
        <fieldset>
          <legend class="t">{s.ask}</legend>
          {SCORES.map((score) => (
            <button
              key={score}
              type="button"
              class="ff-n"
              aria-label={s.score(score)}
              onClick={() => answer(score)}
            >
              {score}
            </button>
          ))}
        </fieldset>
        <p class="ends ff-muted" aria-hidden="true">
          <span>{s.least}</span>
          <span>{s.most}</span>
        </p>
        <p class="why ff-muted">
          {s.why}
          <button type="button" onClick={() => answer(null)}>
            {s.no}
          </button>
        </p>
      </section>
    )
  }
}
