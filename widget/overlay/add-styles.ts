/** Adds a style sheet to a shadow root. */

/** As many as there are scripts; shared by all overlays of the page. */
const made = new Map<string, CSSStyleSheet>()

/**
 * A root has a sheet once, however often its overlay begins again. A constructed sheet needs no leave from the
 * page's content policy; old browsers get an element.
 */
export function addStyles(root: ShadowRoot, css: string): void {
  try {
    const known = made.get(css)
    const sheet = known ?? new CSSStyleSheet()
    if (!known) sheet.replaceSync(css)
    made.set(css, sheet)
    if (!root.adoptedStyleSheets.includes(sheet))
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  } catch {
    const style = document.createElement('style')
    style.textContent = css
    root.append(style)
  }
}

/** For a `ref`: the shadow root that an element comes to stand in gets the sheet, once. */
export function stylesOnce(css: string): (box: Element | null) => void {
  let root: Node | undefined
  return (box) => {
    const found = box?.getRootNode()
    if (!found || found === root) return
    root = found
    addStyles(found as ShadowRoot, css)
  }
}
