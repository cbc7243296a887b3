/** Which key does what with the cue on the card. */

export type CueVerb = 'announce' | 'hold' | 'skip'

const VERBS: Record<string, CueVerb> = { ' ': 'announce', h: 'hold', s: 'skip' }
/** Where an input method swallows the letter, the place of the key decides. */
const CODES: Record<string, CueVerb> = { Space: 'announce', KeyH: 'hold', KeyS: 'skip' }

const TYPING = 'input, textarea, select, [contenteditable=""], [contenteditable="true"]'
/** Space presses these; it must not announce as well. */
const PRESSED_BY_SPACE = 'button, a, summary, [role="switch"], [role="button"]'

/**
 * What a key press asks for, or nothing: while it repeats, with a modifier, in a field, inside a dialog, or
 * where Space already presses the focused button.
 */
export function cueVerb(event: KeyboardEvent): CueVerb | undefined {
  if (event.defaultPrevented || event.repeat) return undefined
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const verb = event.key.length === 1 ? VERBS[event.key.toLowerCase()] : CODES[event.code]
  if (!verb) return undefined
  const target = event.target instanceof Element ? event.target : undefined
  if (target?.closest(`${TYPING}, [role="dialog"]`)) return undefined
  if (verb === 'announce' && target?.closest(PRESSED_BY_SPACE)) return undefined
  return verb
}
