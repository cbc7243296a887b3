/** The published rules, read when a sheet first needs them. */

import { useEffect, useState } from 'preact/hooks'
import type { PublishedRule, View } from './view.ts'

export function useRules({ readRules, lang, model }: View): {
  rules: PublishedRule[] | undefined
  failed: boolean
} {
  const [rules, setRules] = useState<PublishedRule[]>()
  const [failed, setFailed] = useState(false)
  const version = model.state.value.room?.rulebook
  // A new rulebook or language is what makes them old.
  useEffect(() => {
    let gone = false
    readRules().then(
      (read) => {
        if (!gone) setRules(read)
      },
      () => {
        if (!gone) setFailed(true)
      },
    )
    return () => {
      gone = true
    }
  }, [lang, version])
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
