/** What narrows a long list down: a word, a choice, and so many lines at a time. */

import { type Signal, useSignal } from '@preact/signals'
import { formatPoints, Icon } from '../ui/index.ts'
import { useDesk } from './desk.ts'
import { LINES_AT_A_TIME } from './limits.ts'

/** A list with fewer lines is taken in at a glance. */
export const LONG = 12

/** Whether any of the texts has the word in it, without regard to case. */
export const bears = (word: string, ...texts: string[]): boolean => {
  const wanted = word.trim().toLowerCase()
  return texts.some((text) => text.toLowerCase().includes(wanted))
}

/** Where the word is typed; the list follows. */
export function WordField({ label, word }: { label: string; word: Signal<string> }) {
  return (
    <search class="find">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        autocomplete="off"
        spellcheck={false}
        value={word.value}
        onInput={({ currentTarget }) => {
          word.value = currentTarget.value
        }}
      />
    </search>
  )
}

interface ChoicesProps<T extends string> {
  label: string
  all: readonly T[]
  names: Record<T, string>
  chosen: Signal<T>
}

/** One of some. */
export function Choices<T extends string>({ label, all, names, chosen }: ChoicesProps<T>) {
  return (
    <fieldset class="filt">
      <legend class="ff-sr">{label}</legend>
      {all.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === chosen.value}
          onClick={() => {
            chosen.value = one
          }}
        >
          {names[one]}
        </button>
      ))}
    </fieldset>
  )
}

/** The first lines of a list, and the button that shows more of them; `of` says what it is a list of. */
export function useSome<T>(all: readonly T[], of: string) {
  const { t } = useDesk()
  const wanted = useSignal({ of, count: LINES_AT_A_TIME })
  const count = wanted.value.of === of ? wanted.value.count : LINES_AT_A_TIME
  const rest = all.length - count
  return {
    some: all.slice(0, count),
    more: rest > 0 && (
      <button
        type="button"
        class="ff-btn more"
        onClick={() => {
          wanted.value = { of, count: count + LINES_AT_A_TIME }
        }}
      >
        {t.moreOf(formatPoints(Math.min(rest, LINES_AT_A_TIME)), formatPoints(rest))}
      </button>
    ),
  }
}
