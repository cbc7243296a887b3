/** The draft as the page holds it: every change is kept by the service, which says what does not fit. */

import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import type { Label, PublishedRulebook, Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Runtime } from '../../client/index.ts'
import { type Answer, type Api, type Failure, path } from '../api.ts'
import { RETRY_MS } from '../limits.ts'
import { RULES_EVERY_MS, SAVE_AFTER_MS } from './limits.ts'
import { carryOver, type Path, put, same } from './path.ts'
import type { Shape } from './shape.ts'

export interface Problem {
  field: string
  text: Label
}

interface Checked {
  problems: Problem[]
  warnings: (Problem & { code: string })[]
}

export interface DraftMeta {
  revision: number
  savedAtMs: number
  by: string
  basis: number
}

type Told = { draft?: DraftMeta & Checked & { book: Rulebook }; reviewed: boolean; nextNo: number }

/** `clash`: somebody else changed the draft while there were changes here. */
export type Keeping = 'kept' | 'waiting' | 'saving' | 'failed' | 'clash'

export interface Rules {
  /** In force; undefined until it was read. */
  force: ReadonlySignal<PublishedRulebook | undefined>
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

const NOTHING: Checked = { problems: [], warnings: [] }
const DRAFT = '/v1/rulebook/draft'
const OUTLASTS: Failure['code'][] = ['unreached', 'busy', 'internal', 'rate_limited']

const withoutNote = ({ note: _, ...rest }: Rulebook): object => rest

export function createRules(api: Api, runtime: Runtime, me: string): Rules {
  const force = signal<PublishedRulebook | undefined>(undefined)
  const form = signal<Shape | undefined>(undefined)
  const edited = signal<Rulebook | undefined>(undefined)
  const draft = signal<DraftMeta | undefined>(undefined)
  const checked = signal<Checked>(NOTHING)
  const keeping = signal<Keeping>('kept')
  const failure = signal<Failure | undefined>(undefined)
  const reviewed = signal(false)
  const nextNo = signal(0)
  let stopped = false
  let busy = false
  let cancelSave = () => {}
  let cancelLook = () => {}
  /** Of the draft that was read or kept last; 0 where there was none. */
  let revision = 0
  /** Rises with every change: what was asked before one says nothing any more. */
  let changes = 0

  function take({ draft: found, reviewed: two, nextNo: no }: Told): void {
    batch(() => {
      reviewed.value = two
      nextNo.value = no
      revision = found?.revision ?? 0
      draft.value = found
      edited.value = found?.book
      checked.value = found ?? NOTHING
      keeping.value = 'kept'
    })
  }

  async function look(): Promise<void> {
    cancelLook()
    const before = changes
    if (!document.hidden || !force.peek()) {
      const [book, told, shape] = await Promise.all([
        api.get<PublishedRulebook>('/v1/rulebook'),
        api.get<Told>(DRAFT),
        form.peek() ? undefined : api.get<{ schema: Shape }>('/v1/rulebook/form'),
      ])
      if (stopped) return
      batch(() => {
        if (shape?.ok) form.value = shape.schema
        if (book.ok && book.version !== force.peek()?.version) force.value = book
        failure.value = book.ok ? (told.ok ? undefined : told) : book
        // What is being changed here is not read over.
        if (
          told.ok &&
          before === changes &&
          keeping.peek() === 'kept' &&
          told.draft?.revision !== (revision || undefined)
        )
          take(told)
        else if (told.ok) {
          reviewed.value = told.reviewed
          nextNo.value = told.nextNo
        }
      })
    }
    if (!stopped) cancelLook = runtime.after(RULES_EVERY_MS, () => void look())
  }

  function soon(ms: number): void {
    cancelSave()
    cancelSave = runtime.after(ms, () => void save())
  }

  /** One at a time; what was changed meanwhile goes next. */
  async function save(): Promise<void> {
    const book = edited.peek()
    const holds = force.peek()
    if (busy || !book || !holds) return
    busy = true
    keeping.value = 'saving'
    const undone = same(withoutNote(book), withoutNote(holds.book))
    const basis = draft.peek()?.basis ?? holds.version
    const answer: Answer<Partial<DraftMeta> & Partial<Checked>> = undone
      ? await drop()
      : await api.post(DRAFT, { revision, basis, book })
    busy = false
    if (answer.ok) return kept(book, basis, answer)
    if (OUTLASTS.includes(answer.code)) {
      keeping.value = 'failed'
      return stopped ? undefined : soon(RETRY_MS)
    }
    if (answer.code === 'draft_changed') return clash(book)
    batch(() => {
      keeping.value = 'failed'
      failure.value = answer
    })
  }

  const drop = async (): Promise<Answer<object>> =>
    revision === 0 ? { ok: true } : api.remove(`${path('rulebook', 'draft')}?revision=${revision}`)

  function kept(
    book: Rulebook,
    basis: number,
    { revision: next, savedAtMs = 0, problems = [], warnings = [] }: Partial<DraftMeta & Checked>,
  ): void {
    batch(() => {
      changes += 1
      revision = next ?? 0
      draft.value = next === undefined ? undefined : { revision: next, savedAtMs, by: me, basis }
      if (edited.peek() === book) {
        checked.value = { problems, warnings }
        keeping.value = 'kept'
        if (next === undefined) edited.value = undefined
        return
      }
      keeping.value = 'waiting'
      soon(0)
    })
  }

  /** An answer may have been lost: then what is kept there is what was sent. */
  async function clash(book: Rulebook): Promise<void> {
    const told = await api.get<Told>(DRAFT)
    if (stopped) return
    if (told.ok && told.draft && same(told.draft.book, book))
      return kept(book, told.draft.basis, told.draft)
    keeping.value = 'clash'
  }

  void look()
  return {
    force,
    form,
    book: computed(() => edited.value ?? force.value?.book),
    draft,
    checked,
    keeping,
    failure,
    reviewed,
    nextNo,
    edit(where, value) {
      const book = edited.peek() ?? force.peek()?.book
      if (!book || keeping.peek() === 'clash') return
      changes += 1
      edited.value = put(book, where, value)
      keeping.value = busy ? 'saving' : 'waiting'
      soon(SAVE_AFTER_MS)
    },
    settle(whose) {
      void api.get<Told>(DRAFT).then((told) => {
        if (!told.ok) return
        if (whose === 'theirs') return take(told)
        revision = told.draft?.revision ?? 0
        keeping.value = 'waiting'
        soon(0)
      })
    },
    async carry() {
      const mine = edited.peek()
      const holds = force.peek()
      const basis = draft.peek()?.basis
      if (!mine || !holds || basis === undefined) return
      const old = await api.get<PublishedRulebook>(`/v1/rulebook?version=${basis}`)
      const meta = draft.peek()
      if (!old.ok || !meta) return
      batch(() => {
        draft.value = { ...meta, basis: holds.version }
        edited.value = carryOver(old.book, holds.book, mine) as Rulebook
        keeping.value = 'waiting'
      })
      soon(0)
    },
    async discard() {
      cancelSave()
      const answer = await drop()
      if (answer.ok) take({ reviewed: reviewed.peek(), nextNo: nextNo.peek() })
      else void look()
      return answer
    },
    look,
    stop() {
      stopped = true
      cancelLook()
      // What was typed last is kept all the same.
      if (keeping.peek() === 'waiting') soon(0)
    },
  }
}
