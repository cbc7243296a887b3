/** What can be done with an experiment as it stands: start, stop, widen, roll out, give up. */

import { useSignal } from '@preact/signals'
import type { Experiment } from '../../../shared/experiments.ts'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { Widen } from './Widen.tsx'
import { WORDS } from './words.ts'

/** One thing to do, asked about before it is done. */
interface Act {
  label: string
  title: string
  what: string
  said: string
  danger?: boolean
  primary?: boolean
  run: (key: string) => Promise<Answer<object>>
}

function useActs(experiment: Experiment): Act[] {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const { id, name, state, arms } = experiment
  const at = (...parts: string[]) => path('experiments', id, ...parts)
  const start: Act = {
    ...{ label: w.start, title: w.startTitle(name), what: w.startWhat, said: w.didStart },
    primary: true,
    run: (key) => api.post(at('start'), {}, key),
  }
  const discard: Act = {
    ...{ label: w.discard, title: w.discard, what: name, said: w.didDiscard, danger: true },
    run: () => api.remove(at()),
  }
  const stopped = { what: w.stopWhat, said: w.didStop, danger: true }
  const stop: Act = {
    ...{ label: w.stop, title: w.stopTitle(name), ...stopped },
    run: (key) => api.post(at('stop'), {}, key),
  }
  const live = arms.filter((arm) => !arm.stopped)
  const stopArms = live.map(
    (arm): Act => ({
      ...{ label: w.stopArm(arm.name), title: w.stopTitle(arm.name), ...stopped },
      run: (key) => api.post(at('stop'), { arm: arm.id }, key),
    }),
  )
  const rollOut = arms.flatMap(({ name: arm, version }): Act[] =>
    version === undefined
      ? []
      : [
          {
            ...{ label: w.rollOut(arm), title: w.rollOutTitle(arm) },
            ...{ what: w.rollOutWhat, said: w.didRollOut },
            run: (key) => api.post('/v1/rulebook/rollback', { version }, key),
          },
        ],
  )
  if (state === 'planned') return [start, discard]
  return state === 'running' ? [stop, ...(live.length > 1 ? stopArms : [])] : rollOut
}

export function Acts({ experiment, again }: { experiment: Experiment; again: () => void }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const asked = useSignal<string | undefined>(undefined)
  const widening = useSignal(false)
  const acts = useActs(experiment)
  const act = acts.find(({ label }) => label === asked.value)
  const isPilot = experiment.unit === 'room'
  const isOpen = experiment.state === 'planned' || experiment.state === 'running'
  const close = () => {
    asked.value = undefined
    widening.value = false
  }
  return (
    <div class="acts">
      {acts.map(({ label, danger, primary }) => (
        <button
          key={label}
          type="button"
          class={danger ? 'ff-btn dan' : primary ? 'ff-btn pri' : 'ff-btn'}
          onClick={() => {
            asked.value = label
          }}
        >
          {label}
        </button>
      ))}
      {isPilot && isOpen && (
        <button
          type="button"
          class="ff-btn"
          onClick={() => {
            widening.value = true
          }}
        >
          {w.widen}
        </button>
      )}
      {act && <Sure act={act} close={close} again={again} />}
      {widening.value && <Widen experiment={experiment} close={close} again={again} />}
    </div>
  )
}

function Sure({ act, close, again }: { act: Act; close: () => void; again: () => void }) {
  const { lang, say } = useDesk()
  const w = WORDS[lang]
  const doing = useDoing()
  const text = doing.failure && w.refusals[doing.failure.code]
  return (
    <Dialog
      title={act.title}
      close={close}
      act={{
        label: act.label,
        ...(act.danger && { danger: true }),
        disabled: doing.busy,
        run: () =>
          void doing.run(act.label, act.run).then((done) => {
            if (!done) return
            say(act.said)
            again()
            close()
          }),
      }}
    >
      <p class="what">{act.what}</p>
      <Refused failure={doing.failure} {...(text !== undefined && { text })} />
    </Dialog>
  )
}
