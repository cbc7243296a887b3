/** Adds a style sheet to a shadow root. */

/** A constructed sheet needs no leave from the page's content policy; old browsers get an element. */
export function addStyles(root: ShadowRoot, css: string): void {
  try {
    const made = new CSSStyleSheet()
    made.replaceSync(css)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, made]
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
