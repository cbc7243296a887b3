/** What changes between two books, in the sentences that viewers read. */

import type { Change } from '../../../shared/rulebook/changes.ts'
import { TOPICS } from '../../../shared/rulebook/sentences.ts'
import type { Lang } from '../../ui/lang.ts'
import { wordsOf } from './context.ts'

export function Diff({ changes, lang }: { changes: readonly Change[]; lang: Lang }) {
  const w = wordsOf(lang)
  const topics = [...new Set(changes.map(({ topic }) => topic))]
  return (
    <div class="diff">
      {topics.map((topic) => (
        <div key={topic}>
          <h3>{TOPICS[topic][lang]}</h3>
          {changes
            .filter((change) => change.topic === topic)
            .map(({ key, before, after }) => (
              <div class="chg" key={key}>
                {before !== undefined && (
                  <p class="o">
                    <span class="ff-sr">{w.before}：</span>
                    {before}
                  </p>
                )}
                {after !== undefined && (
                  <p class="n">
                    <span class="ff-sr">{w.after}：</span>
                    {after}
                  </p>
                )}
              </div>
            ))}
        </div>
      ))}
    </div>
  )
}
