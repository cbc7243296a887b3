/** What would have been different, had the draft been in force: asked for, played by a worker, compared. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { wallMs } from '../../../client/runtime.ts'
import { Press } from '../../../ui/press.tsx'
import { Copy } from '../../Copy.tsx'
import { Dialog, Refused, useDoing } from '../../Dialog.tsx'
import { useDesk } from '../../desk.ts'
import { type Polled, usePolled } from '../../poll.ts'
import { Compared } from './Compared.tsx'
import {
  askedFor,
  COMMAND,
  DRY_RUN,
  DRY_RUN_EVERY_MS,
  isUnderWay,
  percentOf,
  type ShownRun,
} from './read.ts'
import { DRY_WORDS, type Period } from './words.ts'
import './dry-run.css'

const PERIODS: readonly Period[] = ['day', 'week', 'all']

interface DryRunProps {
  /** Of the draft that is looked at. */
  revision: number
  close: () => void
}

export function DryRun({ revision, close }: DryRunProps) {
  const { api, lang } = useDesk()
  const w = DRY_WORDS[lang]
  const period = useSignal<Period>('week')
  const leave = useCallback(close, [])
  const doing = useDoing()
  const polled = usePolled('dry-run', () => api.get<{ run?: ShownRun }>(DRY_RUN), DRY_RUN_EVERY_MS)
  // One of another draft is nobody's business here.
  const run = ofDraft(polled, revision)
  const under = isUnderWay(run)
  const begin = async () => {
    const asked = askedFor(period.value, wallMs())
    await doing.run(`${asked.toMs}`, () =>
      api.post<{ id: string }>(DRY_RUN, { revision, ...asked }),
    )
    polled.again()
  }
  const stop = async () => {
    if (!run) return
    await doing.run(run.id, () => api.remove<object>(`${DRY_RUN}?id=${encodeURIComponent(run.id)}`))
    polled.again()
  }
  return (
    <Dialog title={w.title} close={leave} wide>
      <p class="what">{w.what}</p>
      <div class="ask">
        {!under && <Periods period={period.value} choose={(next) => (period.value = next)} />}
        <Press
          class={under ? 'ff-btn' : 'ff-btn pri'}
          off={doing.busy}
          onClick={() => void (under ? stop() : begin())}
        >
          {under ? w.stop : run ? w.again : w.begin}
        </Press>
      </div>
      <div role="status">{run && <State run={run} />}</div>
      {run?.state === 'done' && run.report && <Compared report={run.report} />}
      <Refused
        failure={doing.failure}
        {...(doing.failure?.code === 'busy' && { text: w.refused })}
      />
    </Dialog>
  )
}

function ofDraft({ data }: Polled<{ run?: ShownRun }>, revision: number): ShownRun | undefined {
  const run = data?.run
  return run?.draft === revision ? run : undefined
}

function Periods({ period, choose }: { period: Period; choose: (next: Period) => void }) {
  const { lang } = useDesk()
  const w = DRY_WORDS[lang]
  return (
    <fieldset class="picks per">
      <legend class="ff-sr">{w.period}</legend>
      {PERIODS.map((one) => (
        <button
          type="button"
          key={one}
          aria-pressed={one === period}
          class={one === period ? 'ff-chip on' : 'ff-chip'}
          onClick={() => choose(one)}
        >
          {w.periods[one]}
        </button>
      ))}
    </fieldset>
  )
}

/** How far it is, or why there is nothing to compare. */
function State({ run }: { run: ShownRun }) {
  const { lang } = useDesk()
  const w = DRY_WORDS[lang]
  if (isUnderWay(run)) {
    const percent = percentOf(run)
    return (
      <div class="far">
        <p>{run.state === 'asked' ? w.waiting : w.running(percent)}</p>
        <progress max={100} {...(run.state === 'running' && { value: percent })} />
      </div>
    )
  }
  if (run.state === 'done') return null
  const why = run.state === 'lost' ? w.lost : w.ends[run.why ?? 'failed']
  const named = run.why !== 'cancelled' && run.why !== 'version_gone'
  return (
    <div class="note w end">
      <p>{why}</p>
      {named && (
        <p class="cmd">
          <code>{COMMAND}</code>
          <Copy text={COMMAND} />
        </p>
      )}
    </div>
  )
}
