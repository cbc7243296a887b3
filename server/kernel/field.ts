/** Where an input does not fit its schema, for refusals to name. */

import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** As a path, `rungs.0.points`; `whole` where it is the input itself. */
export function fieldOf({ issues }: Pick<z.ZodError, 'issues'>, whole: string): string {
  return pathOf(issues).join('.') || whole
}

function pathOf([issue]: readonly Issue[]): string[] {
  if (!issue) return []
  const path = issue.path.map(String)
  switch (issue.code) {
    case 'unrecognized_keys':
      return [...path, ...issue.keys.slice(0, 1)]
    case 'invalid_union':
      return [...path, ...pathOf(nearest(issue.errors))]
    default:
      return path
  }
}

/** Of the forms that an input may have, what keeps it from the one that it comes nearest to. */
const nearest = (forms: readonly (readonly Issue[])[]): readonly Issue[] =>
  forms.reduce((best, form) => (form.length < best.length ? form : best), forms[0] ?? [])
