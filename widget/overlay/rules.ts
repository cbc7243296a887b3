/** The published rules, read when a sheet first needs them and again when they or the language changed. */

import type { Lang } from '../ui/lang.ts'
import type { OverlayModel } from './model.ts'
import { effect, type ReadonlySignal, signal } from './reactive.ts'
import type { Panel, PublishedRule } from './view.ts'

export interface Rules {
  /** Undefined until they have been read. */
  rules: ReadonlySignal<PublishedRule[] | undefined>
  failed: ReadonlySignal<boolean>
}

export interface RulesOptions {
  model: OverlayModel
  panel: ReadonlySignal<Panel | undefined>
  lang: ReadonlySignal<Lang>
  read(lang: Lang): Promise<PublishedRule[]>
}

export function createRules({ model, panel, lang, read }: RulesOptions): Rules {
  const rules = signal<PublishedRule[] | undefined>(undefined)
  const failed = signal(false)
  let known = ''
  effect(() => {
    const wanted = `${lang.value} ${model.state.value.room?.rulebook}`
    if ((panel.value !== 'today' && panel.value !== 'rules') || wanted === known) return
    known = wanted
    read(lang.value).then(
      (all) => {
        failed.value = false
        if (wanted === known) rules.value = all
      },
      () => {
        failed.value = true
        // The next look at the sheet asks again.
        known = ''
      },
    )
  })
  return { rules, failed }
}

const isRule = (rule: unknown): rule is PublishedRule =>
  typeof rule === 'object' &&
  rule !== null &&
  ['topic', 'title', 'key', 'text'].every(
    (name) => name in rule && typeof rule[name as keyof typeof rule] === 'string',
  )

/** Throws where the service does not answer as it should. */
export async function fetchRules(
  get: (url: string) => Promise<Response>,
  api: string,
  lang: string,
): Promise<PublishedRule[]> {
  const body: unknown = await (await get(`${api}/v1/rulebook/sentences?lang=${lang}`)).json()
  if (typeof body !== 'object' || !body || !('sentences' in body) || !Array.isArray(body.sentences))
    throw new Error('The service did not say its rules.')
  return body.sentences.filter(isRule)
}
