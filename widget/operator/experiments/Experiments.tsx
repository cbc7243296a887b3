/** Experiments: which there are, what they found, and what can be done with them. */

import { useSignal } from '@preact/signals'
import { useDesk } from '../desk.ts'
import { EXPERIMENTS_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { Card } from './Card.tsx'
import './experiments.css'
import { Press } from '../../ui/press.tsx'
import { fieldsOf } from './fields.ts'
import { NewExperiment } from './NewExperiment.tsx'
import type { Current, Read } from './read.ts'
import { WORDS } from './words.ts'

export function Page(_: { rest: string[] }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const adding = useSignal(false)
  const read = usePolled(
    'experiments',
    () => api.get<Read>('/v1/experiments'),
    EXPERIMENTS_EVERY_MS,
  )
  const rules = usePolled('rules', () => api.get<Current>('/v1/rulebook'), EXPERIMENTS_EVERY_MS)
  const fields = rules.data ? fieldsOf(rules.data.book, 'account', lang) : []
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <span class="ff-muted">{w.lead}</span>
        <span class="sp" />
        <Press
          class="ff-btn pri"
          off={!rules.data}
          onClick={() => {
            adding.value = true
          }}
        >
          {w.add}
        </Press>
      </div>
      <Unread polled={read} />
      {read.data?.experiments.length === 0 && <Quiet>{w.none}</Quiet>}
      <div class="col">
        {read.data?.experiments.map((shown) => (
          <Card key={shown.experiment.id} shown={shown} fields={fields} again={read.again} />
        ))}
      </div>
      {adding.value && rules.data && (
        <NewExperiment
          book={rules.data.book}
          again={read.again}
          close={() => {
            adding.value = false
          }}
        />
      )}
    </>
  )
}
