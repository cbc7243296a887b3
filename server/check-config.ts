/**
 * `npm run check-config`: says what the environment means, without its secrets; with `--rulebook FILE` what a rulebook
 * says, and what about it should be thought over before it is published.
 */

import { readFileSync } from 'node:fs'
import { Rulebook } from '../shared/rulebook/schema.ts'
import { sentences, TOPICS } from '../shared/rulebook/sentences.ts'
import { warnings } from '../shared/rulebook/warnings.ts'
import { loadConfig } from './config.ts'

interface Found {
  text: string
  /** 0 also with warnings, 2 where it does not fit. */
  code: 0 | 2
}

/** Throws `ConfigError` with all that is wrong, and where the file cannot be read. */
export async function checkConfig(argv: readonly string[]): Promise<Found> {
  const [option, file, ...more] = argv
  if (option === undefined) return { text: environmentText(), code: 0 }
  if (option !== '--rulebook' || file === undefined || more.length > 0)
    return { text: 'usage: check-config [--rulebook FILE.json]', code: 2 }
  return checkRulebook(readFileSync(file, 'utf8'))
}

const environmentText = (): string =>
  JSON.stringify(
    loadConfig(),
    (_, value: unknown) => (value instanceof Set ? [...value] : value),
    2,
  )

/** Every sentence of a book in English, its warnings last; or every place that does not fit. */
function checkRulebook(json: string): Found {
  let book: unknown
  try {
    book = JSON.parse(json)
  } catch (error) {
    return { text: `not JSON: ${String(error)}`, code: 2 }
  }
  const parsed = Rulebook.safeParse(book)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'the book'}: ${message}`,
    )
    return { text: wrong.join('\n'), code: 2 }
  }
  const said = sentences(parsed.data, 'en').map(({ topic, text }) => `${TOPICS[topic].en}: ${text}`)
  const warned = warnings(parsed.data).map(({ field, text }) => `warning, ${field}: ${text.en}`)
  return { text: [...said, '', ...warned].join('\n').trimEnd(), code: 0 }
}
