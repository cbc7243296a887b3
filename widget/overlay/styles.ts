/** The style sheets of the shadow root: the shared look and the overlay's own. */

import components from '../ui/components-core.css?inline'
import tokens from '../ui/tokens-core.css?inline'
import { addStyles } from './add-styles.ts'
import overlay from './overlay.css?inline'

export const applyStyles = (root: ShadowRoot): void =>
  addStyles(root, tokens + components + overlay)
