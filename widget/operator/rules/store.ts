/** What the pages about rules read and do: the book in force, its form, and the draft of the next one. */

import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import type { PublishedRulebook, Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Runtime } from '../../client/index.ts'
import type { Answer, Api, Failure } from '../api.ts'
import { type Checked, DRAFT, Draft, type DraftMeta, type Keeping, type Told } from './draft.ts'
import { RULES_EVERY_MS } from './limits.ts'
import { type Path, same } from './path.ts'
import type { Shape } from './shape.ts'
import type { Version } from './Versions.tsx'

export interface Rules {
  /** In force; undefined until it was read. */
  force: ReadonlySignal<PublishedRulebook | undefined>
  /** Scheduled, in the order in which they begin. */
  coming: ReadonlySignal<readonly Version[]>
  form: ReadonlySignal<Shape | undefined>
  /** What is edited: the draft, else the book in force. It may not fit. */
  book: ReadonlySignal<Rulebook | undefined>
  /** Undefined where nothing is drafted. */
  draft: ReadonlySignal<DraftMeta | undefined>
  checked: ReadonlySignal<Checked>
  keeping: ReadonlySignal<Keeping>
  failure: ReadonlySignal<Failure | undefined>
  reviewed: ReadonlySignal<boolean>
  nextNo: ReadonlySignal<number>
  edit(path: Path, value: unknown): void
  /** Takes what somebody else wrote, or writes over it. */
  settle(whose: 'mine' | 'theirs'): void
  /** Does the changes of a draft to the version that came between. */
  carry(): Promise<void>
  discard(): Promise<Answer<object>>
  /** Reads again what holds and what is drafted. */
  look(): Promise<void>
  stop(): void
}

/** Reads the rules at once and every few seconds until `stop`; `me` is who edits them here. */
export function createRules(api: Api, runtime: Runtime, me: string): Rules {
  const force = signal<PublishedRulebook | undefined>(undefined)
  const coming = signal<readonly Version[]>([])
  const form = signal<Shape | undefined>(undefined)
  const failure = signal<Failure | undefined>(undefined)
  const draft = new Draft({ api, runtime, me, force, failure })
  let stopped = false
  let cancelLook = () => {}

  async function read(): Promise<void> {
    const { changes } = draft
    const [book, told, shape] = await Promise.all([
      api.get<PublishedRulebook & { coming?: Version[] }>('/v1/rulebook'),
      api.get<Told>(DRAFT),
      form.peek() ? undefined : api.get<{ schema: Shape }>('/v1/rulebook/form'),
    ])
    if (stopped) return
    batch(() => {
      if (shape?.ok) form.value = shape.schema
      if (book.ok && book.version !== force.peek()?.version) force.value = book
      if (book.ok && !same(book.coming ?? [], coming.peek())) coming.value = book.coming ?? []
      failure.value = book.ok ? (told.ok ? undefined : told) : book
      if (told.ok) draft.hear(told, changes)
    })
  }

  async function look(): Promise<void> {
    cancelLook()
    if (!document.hidden || !force.peek()) await read()
    if (!stopped) cancelLook = runtime.after(RULES_EVERY_MS, () => void look())
  }

  void look()
  return {
    force,
    coming,
    form,
    book: computed(() => draft.edited.value ?? force.value?.book),
    draft: draft.meta,
    checked: draft.checked,
    keeping: draft.keeping,
    failure,
    reviewed: draft.reviewed,
    nextNo: draft.nextNo,
    edit: (where, value) => draft.edit(where, value),
    settle: (whose) => void draft.settle(whose),
    carry: () => draft.carry(),
    async discard() {
      const answer = await draft.discard()
      if (!answer.ok) void look()
      return answer
    },
    look,
    stop() {
      stopped = true
      cancelLook()
      draft.stop()
    },
  }
}
