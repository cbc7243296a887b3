/** A button that keeps the focus while there is nothing to press: `disabled` would drop it at the top of the page. */

import type { ButtonHTMLAttributes, MouseEventHandler } from 'preact'

interface PressProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'onClick'> {
  off: boolean
  onClick?: MouseEventHandler<HTMLButtonElement>
}

export function Press({ off, onClick, type = 'button', ...rest }: PressProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={off ? 'true' : undefined}
      onClick={(event) => {
        // Of one that submits, the form as well: Enter in a field comes as a click on it.
        if (off) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
}
