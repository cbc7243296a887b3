/** Line icons, drawn in the colour of the text; by shape where size matters, else by name. */

import * as shapes from './shapes.ts'

/** One of `shapes.ts`. */
export function Shape({ d }: { d: string }) {
  return (
    <svg class="ff-i" viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} />
    </svg>
  )
}

/** The jade disc: the mark of a point. */
export function PointMark() {
  return (
    <svg class="ff-bi" viewBox="0 0 20 20" aria-hidden="true">
      <path
        fill-rule="evenodd"
        d="M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 5.7a3.3 3.3 0 1 1 0 6.6 3.3 3.3 0 0 1 0-6.6Z"
      />
    </svg>
  )
}

export type IconName = keyof typeof shapes | 'bi'

/** By name: brings all shapes along, so it is for consoles. */
export function Icon({ name }: { name: IconName }) {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a console draws most of them.
  return name === 'bi' ? <PointMark /> : <Shape d={shapes[name]} />
}
