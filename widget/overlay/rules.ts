/** The published rules, read when a sheet first needs them and again when they or the language changed. */

import { ACTIONS } from '../../shared/receipt.ts'
import type { Lang } from '../ui/lang.ts'
import type { EarnView } from './claimable.ts'
import type { SheetDeps } from './late-sheet.ts'
import type { ReadonlySignal } from './reactive.ts'

/** A rule as viewers read it. */
export interface PublishedRule {
  topic: string
  title: string
  key: string
  text: string
}

export interface Published {
  sentences: PublishedRule[]
  /** What pays points, in numbers. */
  earn: EarnView[]
  dailyPoints?: number
}

export interface Rules {
  published: ReadonlySignal<Published | undefined>
  /** Undefined until they have been read. */
  rules: ReadonlySignal<PublishedRule[] | undefined>
  failed: ReadonlySignal<boolean>
}

export interface RulesOptions extends Pick<SheetDeps, 'model' | 'panel' | 'lang' | 'reactive'> {
  read(lang: Lang): Promise<Published>
}

export function createRules({ model, panel, lang, read, reactive }: RulesOptions): Rules {
  const { computed, effect, signal } = reactive
  const published = signal<Published | undefined>(undefined)
  const failed = signal(false)
  let known = ''
  effect(() => {
    const wanted = `${lang.value} ${model.state.value.room?.rulebook}`
    if ((panel.value !== 'today' && panel.value !== 'rules') || wanted === known) return
    known = wanted
    read(lang.value).then(
      (all) => {
        failed.value = false
        if (wanted === known) published.value = all
      },
      () => {
        failed.value = true
        // The next look at the sheet asks again.
        known = ''
      },
    )
  })
  return { published, rules: computed(() => published.value?.sentences), failed }
}

const isRule = (rule: unknown): rule is PublishedRule =>
  typeof rule === 'object' &&
  rule !== null &&
  ['topic', 'title', 'key', 'text'].every(
    (name) => name in rule && typeof rule[name as keyof typeof rule] === 'string',
  )

const isEarn = (rule: unknown): rule is EarnView =>
  typeof rule === 'object' &&
  rule !== null &&
  'action' in rule &&
  'points' in rule &&
  Object.keys(ACTIONS).includes(String(rule.action))

/** Throws where the service does not answer as it should. */
export async function fetchRules(
  get: (url: string) => Promise<Response>,
  api: string,
  lang: string,
): Promise<Published> {
  const body = await (await get(`${api}/v1/rulebook/sentences?lang=${lang}`)).json()
  const { sentences, earn, dailyPoints }: Partial<Record<keyof Published, unknown>> = body
  if (!Array.isArray(sentences)) throw new Error('The service did not say its rules.')
  return {
    sentences: sentences.filter(isRule),
    earn: Array.isArray(earn) ? earn.filter(isEarn) : [],
    ...(typeof dailyPoints === 'number' && { dailyPoints }),
  }
}
