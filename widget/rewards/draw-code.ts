/** QR codes as paths. */

import { create } from 'qrcode'
import type { Draw } from './late-code.ts'

/** A path of one unit a module; dark runs of a row are one stroke. */
export const drawCode: Draw = (text) => {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const { size } = modules
  let path = ''
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const from = x
      while (x < size && modules.get(y, x)) x++
      if (x > from) path += `M${from} ${y}h${x - from}v1H${from}z`
    }
  return { size, path }
}
