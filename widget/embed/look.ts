/** What a page may give the overlay of its own look; docs/integration.md lists the same with what each is for. */
export const LOOK = [
  ...['--ff-accent', '--ff-accent-fg', '--ff-accent-text', '--ff-accent-soft'],
  ...['--ff-fg', '--ff-fg-2', '--ff-fg-3'],
  ...['--ff-glass', '--ff-glass-solid', '--ff-glass-edge', '--ff-glass-sheet', '--ff-plate'],
  ...['--ff-surface', '--ff-raised', '--ff-sunken', '--ff-line', '--ff-line-strong'],
  ...['--ff-tier-0', '--ff-tier-1', '--ff-tier-2', '--ff-tier-3', '--ff-tier-4'],
  ...['--ff-heat-0', '--ff-heat-1', '--ff-heat-2', '--ff-heat-3', '--ff-heat-4', '--ff-heat-5'],
  ...['--ff-font', '--ff-r-1', '--ff-r-2', '--ff-r-3', '--ff-blur'],
] as const
export type LookName = (typeof LOOK)[number]
export type Look = Partial<Record<LookName, string>>

/** No name of a font or a colour is longer. */
const VALUE_CHARS_MAX = 200

/** What an element of the page inherits or has of it. */
export function lookOf(page: Pick<Window, 'getComputedStyle'>, element: Element): Look {
  const style = page.getComputedStyle(element)
  const look: Look = {}
  for (const name of LOOK) {
    const value = style.getPropertyValue(name).trim()
    if (value) look[name] = value
  }
  return look
}

/** What another page says is its look: known names and values that load nothing; the rest is left out. */
export function readLook(said: unknown): Look {
  if (typeof said !== 'object' || said === null) return {}
  const values = new Map<string, unknown>(Object.entries(said))
  const look: Look = {}
  for (const name of LOOK) {
    const value = values.get(name)
    if (typeof value !== 'string' || value.length > VALUE_CHARS_MAX) continue
    if (!/url\(|image|[;{}\\]/i.test(value)) look[name] = value
  }
  return look
}
