/** What `archive verify` prints. */

import { compareIds, formatId, ZERO } from '../element.ts'
import { PROBLEMS_SHOWN } from '../limits.ts'
import type { Problem } from './file-walk.ts'
import type { Verification } from './verify.ts'

const pad = (text: string | number, width: number) => String(text).padStart(width)

const sentence = (partition: number, { path, id, text }: Problem): string => {
  const where = [`partition ${partition}`, path, id && `element ${id}`]
  return `${where.filter((part) => part !== undefined).join(', ')}: ${text}`
}

export interface Held {
  /** What the end of the archive was held against. */
  against: readonly string[]
  /** Of the anchors themselves. */
  problems: readonly string[]
}

export function renderVerification(found: readonly Verification[], held: Held): string {
  const lines = [`${pad('partition', 9)}${pad('files', 8)}${pad('elements', 12)}  newest`]
  for (const { partition, files, elements, end } of found) {
    const newest = compareIds(end.id, ZERO) === 0 ? 'nothing' : formatId(end.id)
    lines.push(`${pad(partition, 9)}${pad(files, 8)}${pad(elements, 12)}  ${newest}`)
  }
  lines.push('')
  for (const { partition, notes } of found)
    lines.push(...notes.map((note) => `partition ${partition}: ${note}`))
  const problems = [
    ...held.problems,
    ...found.flatMap((one) => one.problems.map((problem) => sentence(one.partition, problem))),
  ]
  lines.push(...problems.slice(0, PROBLEMS_SHOWN))
  if (problems.length > PROBLEMS_SHOWN) lines.push(`and ${problems.length - PROBLEMS_SHOWN} more`)
  const elements = found.reduce((sum, one) => sum + one.elements, 0)
  const against = held.against.join(' and ') || 'nothing: what was cut from its end is not noticed'
  lines.push(
    `${found.length} partitions, ${elements} elements, held against ${against}.`,
    problems.length === 0
      ? 'Nothing was changed or lost.'
      : 'The archive is not what was archived.',
  )
  return lines.join('\n')
}
