/** The room behind the host: a sunny kitchen, an evening kitchen, or a loud market stall. */

import type { Scene } from './Picture.tsx'

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

/** Jars, bags and bottles on a board; `seed` makes each shelf another. */
function Shelf({ x, y, width, seed }: { x: number; y: number; width: number; seed: number }) {
  const things = range(Math.floor(width / 74))
  return (
    <g class="shelf">
      {things.map((i) => {
        const kind = (i * 7 + seed * 3) % 5
        const left = x + 14 + i * 74
        const tone = `tone-${(i * 5 + seed) % 6}`
        switch (kind) {
          case 0:
            return (
              <g key={i}>
                <rect x={left} y={y - 92} width="54" height="92" rx="10" class={`glass ${tone}`} />
                <rect
                  x={left + 6}
                  y={y - 60}
                  width="42"
                  height="56"
                  rx="6"
                  class={`fill ${tone}`}
                />
                <rect x={left + 4} y={y - 104} width="46" height="16" rx="5" class="lid" />
              </g>
            )
          case 1:
            return (
              <path
                key={i}
                d={`M${left + 18} ${y - 124}h14v30q14 10 14 28v66h-42v-66q0-18 14-28z`}
                class={`fill ${tone}`}
              />
            )
          case 2:
            return (
              <g key={i}>
                <path d={`M${left} ${y - 78}q28-8 56 0l4 78h-64z`} class={`fill ${tone}`} />
                <circle cx={left + 28} cy={y - 36} r="15" class="dot" />
              </g>
            )
          case 3:
            return (
              <g key={i}>
                <path d={`M${left + 6} ${y - 44}h44l-6 44h-32z`} class="pot" />
                <path
                  d={`M${left + 28} ${y - 44}q-30-22-28-54 28 10 28 54zm0 0q30-22 28-58-30 10-28 58zm0 0q-8-44 2-82 16 38-2 82z`}
                  class="leaf"
                />
              </g>
            )
          default:
            return (
              <g key={i}>
                <rect x={left} y={y - 52} width="58" height="52" rx="6" class={`fill ${tone}`} />
                <rect x={left + 10} y={y - 40} width="38" height="22" rx="4" class="dot" />
              </g>
            )
        }
      })}
      <rect x={x} y={y} width={width} height="16" rx="4" class="board" />
      <rect x={x} y={y + 16} width={width} height="10" class="board-shade" />
    </g>
  )
}

function Window() {
  return (
    <g class="window">
      <rect x="96" y="96" width="360" height="430" rx="14" class="frame" />
      <rect x="112" y="112" width="328" height="398" rx="6" class="sky" />
      <circle cx="360" cy="190" r="46" class="sun" />
      <path d="M112 430q80-80 164-40t164-30v150H112z" class="hill" />
      <path d="M112 470q100-50 190-10t138-14v64H112z" class="hill near" />
      <path d="M276 112v398M112 300h328" class="bar" />
      <path d="M84 526h384v22H84z" class="frame" />
      <path d="M440 112L1180 900H620L112 510z" class="ray" />
    </g>
  )
}

function Lamp({ x, y }: { x: number; y: number }) {
  return (
    <g class="lamp">
      <circle cx={x} cy={y + 30} r="210" fill="url(#glow)" class="halo" />
      <path d={`M${x} 0V${y - 30}`} class="wire" />
      <path d={`M${x - 56} ${y + 22}q6-56 56-56t56 56z`} class="shade" />
      <ellipse cx={x} cy={y + 22} rx="30" ry="12" class="bulb" />
    </g>
  )
}

/** Packs in rows, each row with its own colours, as market stalls have them. */
function Stall() {
  return (
    <g class="stall">
      {range(5).map((row) => {
        const y = 150 + row * 156
        return (
          <g key={row}>
            {range(25).map((i) => {
              const tall = 84 + ((i * 13 + row * 29) % 5) * 10
              const x = i * 66 - 14
              return (
                <g key={i} class={`pack-${(i + row * 2 + (i % 3)) % 7}`}>
                  <rect x={x} y={y - tall} width="58" height={tall} rx="6" class="pack" />
                  <rect x={x} y={y - tall} width="58" height="20" rx="6" class="flap" />
                  <ellipse cx={x + 29} cy={y - tall / 2 + 6} rx="20" ry="17" class="mark" />
                </g>
              )
            })}
            <rect x="-20" y={y} width="1640" height="14" class="board" />
            <rect x="-20" y={y + 14} width="1640" height="10" class="price" />
            {range(13).map((i) => (
              <rect
                key={i}
                x={i * 130 + 24 + row * 12}
                y={y + 2}
                width="52"
                height="24"
                rx="4"
                class="tag"
              />
            ))}
          </g>
        )
      })}
      <path d="M-20 26q205 80 410 0t410 0 410 0 410 0" class="string" />
      {range(24).map((i) => (
        <path
          key={i}
          d={`M${i * 68 + 6} ${40 + 24 * Math.abs(Math.sin((i * 68 * Math.PI) / 410))}h46l-23 52z`}
          class={`flag pack-${i % 7}`}
        />
      ))}
    </g>
  )
}

/** They shine through the dark, so they are drawn over it. */
export function Lamps() {
  return (
    <>
      <Lamp x={480} y={120} />
      <Lamp x={1120} y={96} />
    </>
  )
}

export function Backdrop({ scene }: { scene: Scene }) {
  return (
    <g key={scene}>
      <rect x="-60" y="-60" width="1720" height="1020" fill="url(#wall)" />
      {scene === 'busy' ? (
        <Stall />
      ) : (
        <>
          {scene === 'bright' ? <Window /> : <Shelf x={70} y={230} width={460} seed={4} />}
          {scene === 'dark' && <Shelf x={70} y={430} width={460} seed={1} />}
          <Shelf x={1060} y={230} width={470} seed={2} />
          <Shelf x={1060} y={430} width={470} seed={5} />
          <Shelf x={1060} y={630} width={470} seed={3} />
        </>
      )}
    </g>
  )
}
