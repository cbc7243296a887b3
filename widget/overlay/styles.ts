/** The style sheets of the shadow root: the shared look and the overlay's own. */

import components from '../ui/components-core.css?inline'
import tokens from '../ui/tokens-core.css?inline'
import overlay from './overlay.css?inline'

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

export const applyStyles = (root: ShadowRoot): void =>
  addStyles(root, tokens + components + overlay)
