/** What a viewer can set for this device, and the published rules. */

import { Shape } from '../ui/icons.tsx'
import { right } from '../ui/shapes.ts'
import type { SheetView } from './sheet-view.ts'

export function Settings({ view: { model, s, panel } }: { view: SheetView }) {
  const { prefs } = model
  const rows = [
    { name: 'quiet', title: s.quiet, why: s.quietWhy, on: prefs.quiet.value },
    { name: 'calm', title: s.calm, why: s.calmWhy, on: prefs.calm.value },
  ] as const
  return (
    <>
      {rows.map(({ name, title, why, on }) => (
        <div class="set" key={name}>
          <div class="mid">
            <div class="t" id={`ff-${name}`}>
              {title}
            </div>
            <div class="d">{why}</div>
          </div>
          <button
            type="button"
            class="ff-switch"
            role="switch"
            aria-checked={on}
            aria-labelledby={`ff-${name}`}
            onClick={() => prefs.toggle(name)}
          />
        </div>
      ))}
      <button
        type="button"
        class="set link"
        onClick={({ currentTarget }) => {
          // The button goes; whoever pressed it stays in the sheet, so that Escape still closes it.
          currentTarget.closest<HTMLElement>('.sheet')?.focus()
          panel.value = 'rules'
        }}
      >
        <span class="mid">
          <span class="t">{s.rules}</span>
          <span class="d">{s.rulesWhy}</span>
        </span>
        <Shape d={right} />
      </button>
    </>
  )
}

export function Rules({ view }: { view: SheetView }) {
  const rules = view.rules.rules.value
  const failed = view.rules.failed.value
  if (!rules) return <p class="sum">{failed ? view.s.unread : view.s.loading}</p>
  const topics = [...new Set(rules.map(({ topic }) => topic))]
  return (
    <>
      {topics.map((topic) => {
        const said = rules.filter((rule) => rule.topic === topic)
        return (
          <section class="rules" key={topic}>
            <h3>{said[0]?.title}</h3>
            <ul>
              {said.map(({ key, text }) => (
                <li key={key}>{text}</li>
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}
