/** The draft as the page holds it: every change is kept by the service, one at a time, which says what does not fit. */

import { batch, type Signal, signal } from '@preact/signals'
import type { Label, PublishedRulebook, Rulebook } from '../../../shared/rulebook/schema.ts'
import type { Runtime } from '../../client/index.ts'
import { type Answer, type Api, type Failure, path } from '../api.ts'
import { RETRY_MS } from '../limits.ts'
import { SAVE_AFTER_MS } from './limits.ts'
import { carryOver, type Path, put, same } from './path.ts'

export interface Problem {
  field: string
  text: Label
}

/** What the service says of a draft. */
export interface Checked {
  problems: Problem[]
  warnings: (Problem & { code: string })[]
}

export interface DraftMeta {
  revision: number
  savedAtMs: number
  by: string
  /** The version that it changes. */
  basis: number
}

/** What the service answers who asks for the draft. */
export interface Told {
  draft?: DraftMeta & Checked & { book: Rulebook }
  reviewed: boolean
  nextNo: number
}

/** `clash`: somebody else changed the draft while there were changes here. */
export type Keeping = 'kept' | 'waiting' | 'saving' | 'failed' | 'clash'

interface DraftDeps {
  api: Api
  runtime: Runtime
  /** Who edits here. */
  me: string
  force: Signal<PublishedRulebook | undefined>
  failure: Signal<Failure | undefined>
}

export const DRAFT = '/v1/rulebook/draft'
const NOTHING: Checked = { problems: [], warnings: [] }
/** Refusals after which the same is tried again. */
const OUTLASTS: Failure['code'][] = ['unreached', 'busy', 'internal', 'rate_limited']

const withoutNote = ({ note: _, ...rest }: Rulebook): object => rest

export class Draft {
  readonly edited = signal<Rulebook | undefined>(undefined)
  /** Undefined where nothing is drafted. */
  readonly meta = signal<DraftMeta | undefined>(undefined)
  readonly checked = signal<Checked>(NOTHING)
  readonly keeping = signal<Keeping>('kept')
  readonly reviewed = signal(false)
  readonly nextNo = signal(0)

  readonly #deps: DraftDeps
  /** Rises with every change: what was asked before one says nothing any more. */
  #changes = 0
  /** Of the draft that was read or kept last; 0 where there was none. */
  #revision = 0
  #busy = false
  #stopped = false
  #cancelSave = () => {}

  constructor(deps: DraftDeps) {
    this.#deps = deps
  }

  get changes(): number {
    return this.#changes
  }

  edit(where: Path, value: unknown): void {
    const book = this.edited.peek() ?? this.#deps.force.peek()?.book
    if (!book || this.keeping.peek() === 'clash') return
    this.#changes += 1
    this.edited.value = put(book, where, value)
    this.keeping.value = this.#busy ? 'saving' : 'waiting'
    this.#soon(SAVE_AFTER_MS)
  }

  /** What the service said when there had been so many changes here; what is being changed is not read over. */
  hear(told: Told, changes: number): void {
    const untouched = changes === this.#changes && this.keeping.peek() === 'kept'
    if (untouched && told.draft?.revision !== (this.#revision || undefined)) return this.#take(told)
    this.reviewed.value = told.reviewed
    this.nextNo.value = told.nextNo
  }

  /** Takes what somebody else wrote, or writes over it. */
  async settle(whose: 'mine' | 'theirs'): Promise<void> {
    const told = await this.#deps.api.get<Told>(DRAFT)
    if (!told.ok) return
    if (whose === 'theirs') return this.#take(told)
    this.#revision = told.draft?.revision ?? 0
    this.keeping.value = 'waiting'
    this.#soon(0)
  }

  /** Does the changes of a draft to the version that came between. */
  async carry(): Promise<void> {
    const mine = this.edited.peek()
    const holds = this.#deps.force.peek()
    const basis = this.meta.peek()?.basis
    if (!mine || !holds || basis === undefined) return
    const old = await this.#deps.api.get<PublishedRulebook>(`/v1/rulebook?version=${basis}`)
    const meta = this.meta.peek()
    if (!old.ok || !meta) return
    batch(() => {
      this.meta.value = { ...meta, basis: holds.version }
      this.edited.value = carryOver(old.book, holds.book, mine) as Rulebook
      this.keeping.value = 'waiting'
    })
    this.#soon(0)
  }

  async discard(): Promise<Answer<object>> {
    this.#cancelSave()
    const answer = await this.#drop()
    if (answer.ok) this.#take({ reviewed: this.reviewed.peek(), nextNo: this.nextNo.peek() })
    return answer
  }

  /** What was typed last is kept all the same. */
  stop(): void {
    this.#stopped = true
    if (this.keeping.peek() === 'waiting') this.#soon(0)
  }

  #take({ draft, reviewed, nextNo }: Told): void {
    batch(() => {
      this.reviewed.value = reviewed
      this.nextNo.value = nextNo
      this.#revision = draft?.revision ?? 0
      this.meta.value = draft
      this.edited.value = draft?.book
      this.checked.value = draft ?? NOTHING
      this.keeping.value = 'kept'
    })
  }

  #soon(ms: number): void {
    this.#cancelSave()
    this.#cancelSave = this.#deps.runtime.after(ms, () => void this.#save())
  }

  /** One at a time; what was changed meanwhile goes next. */
  async #save(): Promise<void> {
    const { api, force, failure } = this.#deps
    const book = this.edited.peek()
    const holds = force.peek()
    if (this.#busy || !book || !holds) return
    this.#busy = true
    this.keeping.value = 'saving'
    const undone = same(withoutNote(book), withoutNote(holds.book))
    const basis = this.meta.peek()?.basis ?? holds.version
    const answer: Answer<Partial<DraftMeta> & Partial<Checked>> = undone
      ? await this.#drop()
      : await api.post(DRAFT, { revision: this.#revision, basis, book })
    this.#busy = false
    if (answer.ok) return this.#kept(book, basis, answer)
    if (OUTLASTS.includes(answer.code)) {
      this.keeping.value = 'failed'
      return this.#stopped ? undefined : this.#soon(RETRY_MS)
    }
    if (answer.code === 'draft_changed') return this.#clash(book)
    batch(() => {
      this.keeping.value = 'failed'
      failure.value = answer
    })
  }

  async #drop(): Promise<Answer<object>> {
    if (this.#revision === 0) return { ok: true }
    return this.#deps.api.remove(`${path('rulebook', 'draft')}?revision=${this.#revision}`)
  }

  #kept(
    book: Rulebook,
    basis: number,
    { revision, savedAtMs = 0, problems = [], warnings = [] }: Partial<DraftMeta & Checked>,
  ): void {
    const { me } = this.#deps
    batch(() => {
      this.#changes += 1
      this.#revision = revision ?? 0
      this.meta.value = revision === undefined ? undefined : { revision, savedAtMs, by: me, basis }
      if (this.edited.peek() === book) {
        this.checked.value = { problems, warnings }
        this.keeping.value = 'kept'
        if (revision === undefined) this.edited.value = undefined
        return
      }
      this.keeping.value = 'waiting'
      this.#soon(0)
    })
  }

  /** An answer may have been lost: then what is kept there is what was sent. */
  async #clash(book: Rulebook): Promise<void> {
    const told = await this.#deps.api.get<Told>(DRAFT)
    if (this.#stopped) return
    if (told.ok && told.draft && same(told.draft.book, book))
      return this.#kept(book, told.draft.basis, told.draft)
    this.keeping.value = 'clash'
  }
}
