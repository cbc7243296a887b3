/** The form of a new experiment: arms beside the control, or a pilot in some rooms. */

import { type Signal, useSignal } from '@preact/signals'
import { GOALS, type Goal } from '../../../shared/experiments.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Unit } from '../../../shared/rulebook/variant.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { ArmsForm } from './ArmsForm.tsx'
import { fieldsOf } from './fields.ts'
import { EMPTY_ARM, evenShare, type FilledArm, planOf } from './form.ts'
import { TextField } from './TextField.tsx'
import { WORDS } from './words.ts'

/** As the sources ask: points cost at most 10 % of what they bring. */
const COST_PERCENT = '10'

export function NewExperiment(of: { book: Rulebook; close: () => void; again: () => void }) {
  const { api, lang, say } = useDesk()
  const w = WORDS[lang]
  const [id, name] = [useSignal(''), useSignal('')]
  const unit = useSignal<Unit>('account')
  const goal = useSignal<Goal>('costShare')
  const [share, days, from] = [useSignal(String(evenShare(1))), useSignal('14'), useSignal('100')]
  const [profiles, rooms] = [useSignal(''), useSignal('')]
  const [cost, inflation] = [useSignal(COST_PERCENT), useSignal('')]
  const arms = useSignal<readonly FilledArm[]>([EMPTY_ARM])
  const doing = useDoing()
  const isPilot = unit.value === 'room'
  const plan = planOf({
    ...{ id: id.value, name: name.value, unit: unit.value, goal: goal.value },
    ...{ arms: arms.value, share: share.value, days: days.value, from: from.value },
    ...{ profiles: profiles.value, rooms: rooms.value },
    ...{ cost: cost.value, inflation: inflation.value },
  })
  const save = async () => {
    if (!plan) return
    const done = await doing.run(JSON.stringify(plan), (key) =>
      api.post('/v1/experiments', plan, key),
    )
    if (!done) return
    say(w.didPlan)
    of.again()
    of.close()
  }
  const { failure } = doing
  const refused = failure && w.refusals[failure.code]
  return (
    <Dialog
      wide
      title={w.add}
      close={of.close}
      act={{ label: w.save, run: () => void save(), disabled: doing.busy || !plan }}
    >
      <div class="pair">
        <TextField label={w.name} name="name" text={name} first />
        <TextField label={w.id} name="id" text={id} />
        <Choice label={w.unit} name="unit" chosen={unit} of={w.units} />
        <Choice label={w.goal} name="goal" chosen={goal} of={goalsOf(w.goals, isPilot)} />
        <TextField label={w.length} name="days" text={days} numeric />
        {!isPilot && <TextField label={w.shareOf} name="share" text={share} numeric />}
      </div>
      {isPilot && (
        <div class="pair">
          <TextField label={w.profiles} name="profiles" text={profiles} />
          <TextField label={w.rooms} name="rooms" text={rooms} />
        </div>
      )}
      <ArmsForm
        fields={fieldsOf(of.book, unit.value, lang)}
        arms={arms}
        one={isPilot}
        counted={(count) => {
          share.value = String(evenShare(count))
        }}
      />
      <div class="pair">
        <TextField label={w.costLimit} name="cost" text={cost} numeric />
        {!isPilot && (
          <TextField label={w.inflationLimit} name="inflation" text={inflation} numeric />
        )}
        <TextField label={w.from} name="from" text={from} numeric />
      </div>
      <Refused
        failure={failure}
        {...(refused !== undefined && { text: `${refused} · ${failure?.field ?? ''}` })}
      />
    </Dialog>
  )
}

/** Points belong to no room, so a pilot is not decided by what accounts hold. */
const goalsOf = (goals: Record<Goal, string>, isPilot: boolean): Partial<Record<Goal, string>> =>
  Object.fromEntries(
    (Object.keys(GOALS) as Goal[])
      .filter((goal) => !isPilot || goal !== 'inflation')
      .map((goal) => [goal, goals[goal]]),
  )

interface ChoiceProps<Name extends string> {
  label: string
  name: string
  chosen: Signal<Name>
  of: Partial<Record<Name, string>>
}

function Choice<Name extends string>({ label, name, chosen, of }: ChoiceProps<Name>) {
  return (
    <label class="fld">
      {label}
      <select
        name={name}
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value as Name
        }}
      >
        {(Object.entries(of) as [Name, string][]).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
