/** The moving picture that stands for the live video: a host at a table of food, drawn by us, in three lights. */

import { Backdrop, Lamps } from './Backdrop.tsx'
import { Held, type Product, TableFood } from './Food.tsx'

export type Scene = 'bright' | 'dark' | 'busy'

/** Soft shading; colours come from the style sheet, so that a scene can change them. */
function Shades() {
  const shade = (id: string, ...stops: [at: string, name: string][]) => (
    <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
      {stops.map(([at, name]) => (
        <stop key={at} offset={at} class={name} />
      ))}
    </linearGradient>
  )
  return (
    <defs>
      {shade('wall', ['0', 's-wall-a'], ['1', 's-wall-b'])}
      {shade('wood', ['0', 's-wood-a'], ['1', 's-wood-b'])}
      {shade('apron', ['0', 's-apron-a'], ['1', 's-apron-b'])}
      {shade('shirt', ['0', 's-shirt-a'], ['1', 's-shirt-b'])}
      {shade('hair', ['0', 's-hair-a'], ['1', 's-hair-b'])}
      {shade('oil', ['0', 's-oil-a'], ['1', 's-oil-b'])}
      {shade('oats', ['0', 's-oats-a'], ['1', 's-oats-b'])}
      <radialGradient id="skin" cx="0.42" cy="0.38" r="0.75">
        <stop offset="0" class="s-skin-a" />
        <stop offset="1" class="s-skin-b" />
      </radialGradient>
      <radialGradient id="glow">
        <stop offset="0" class="s-glow" stop-opacity="0.9" />
        <stop offset="0.35" class="s-glow" stop-opacity="0.32" />
        <stop offset="1" class="s-glow" stop-opacity="0" />
      </radialGradient>
      <radialGradient id="vignette" cx="0.5" cy="0.42" r="0.75">
        <stop offset="0.3" class="s-edge" stop-opacity="0" />
        <stop offset="1" class="s-edge" stop-opacity="1" />
      </radialGradient>
    </defs>
  )
}

/** Also the face of the host on the chip. */
export function Head() {
  return (
    <g class="head">
      {/* hair behind, with a bun */}
      <circle cx="800" cy="152" r="46" fill="url(#hair)" />
      <path d="M764 168q36-26 72 0" class="tie" />
      <path
        d="M690 312c-8-96 42-148 110-148s118 52 110 148c-2 44-14 92-30 112H720c-16-20-28-68-30-112z"
        fill="url(#hair)"
      />
      <path d="M762 398h76v74q-38 34-76 0z" class="neck" />
      <path d="M762 412q38 40 76 0v26q-38 34-76 0z" class="neck-shade" />
      <ellipse cx="703" cy="322" rx="15" ry="24" class="ear" />
      <ellipse cx="897" cy="322" rx="15" ry="24" class="ear" />
      <circle cx="701" cy="356" r="9" class="earring" />
      <circle cx="899" cy="356" r="9" class="earring" />
      <path
        d="M708 300c0-72 38-112 92-112s92 40 92 112c0 78-40 138-92 138s-92-60-92-138z"
        fill="url(#skin)"
      />
      <ellipse cx="745" cy="368" rx="24" ry="15" class="blush" />
      <ellipse cx="855" cy="368" rx="24" ry="15" class="blush" />
      {/* fringe */}
      <path
        d="M702 318c-6-90 36-142 98-142s104 52 98 142c-12-44-30-74-58-92-30 26-84 40-112 40-14 14-22 32-26 52z"
        fill="url(#hair)"
      />
      <path d="M726 250c24-26 62-38 96-34" class="hair-light" />
      <g class="brows">
        <path d="M738 296q22-14 42-3" />
        <path d="M820 293q20-11 42 3" />
      </g>
      <g class="eyes">
        <ellipse cx="761" cy="326" rx="11" ry="13" />
        <ellipse cx="839" cy="326" rx="11" ry="13" />
        <circle cx="765" cy="321" r="4" class="shine" />
        <circle cx="843" cy="321" r="4" class="shine" />
        <path d="M746 318q15-12 30-1" class="lash" />
        <path d="M824 317q15-11 30 1" class="lash" />
      </g>
      <path d="M800 334q8 22-4 26" class="nose" />
      <g class="mouth">
        <path d="M768 386q32 12 64 0-6 34-32 34t-32-34z" class="lips" />
        <path d="M775 389q25 8 50 0-2 9-25 9t-25-9z" class="teeth" />
      </g>
    </g>
  )
}

function Body() {
  return (
    <g class="body">
      <path
        d="M570 900c0-190 26-330 116-380 34-18 58-22 72-46 24 26 60 26 84 0 14 24 38 28 72 46 90 50 116 190 116 380z"
        fill="url(#shirt)"
      />
      <path d="M758 474q42 56 84 0l14 20q-56 74-112 0z" class="collar" />
      <path d="M676 900V610q0-30 30-30h188q30 0 30 30v290z" fill="url(#apron)" />
      <path d="M712 586l26-92M888 586l-26-92" class="strap" />
      <path d="M740 742h120v70q0 22-22 22h-76q-22 0-22-22z" class="pocket" />
      <circle cx="800" cy="664" r="30" class="ring" />
      {/* the arm that rests on the table */}
      <path d="M606 610q-46 92-18 176 44 22 96-2" class="sleeve" />
      <path d="M586 778q54 34 120 12" class="arm" />
      <path d="M690 768q40-10 52 10t-14 30-44-4z" class="hand" />
    </g>
  )
}

export function Picture({ scene, product }: { scene: Scene; product: Product }) {
  return (
    <svg
      class="picture"
      data-scene={scene}
      viewBox="0 0 1600 900"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <Shades />
      <g>
        <Backdrop scene={scene} />
        <rect x="-60" y="-60" width="1720" height="1020" class="night far" />
        {scene === 'dark' && <Lamps />}
        <ellipse cx="800" cy="420" rx="520" ry="420" fill="url(#glow)" class="keylight" />
        <g class="host">
          <Body />
          <Head />
        </g>
        <TableFood />
        <g class="raise">
          <path d="M1004 612q50 64 18 132-40 26-78-26" class="sleeve" />
          <path d="M968 738q-34-60-26-118" class="arm" />
          <Held product={product} />
          <path d="M914 598q-6-26 18-30 34-4 46 14 6 28-14 44-38 10-50-28z" class="hand" />
          <path d="M920 588q24-12 50-4M920 602q24-8 52 0" class="finger" />
        </g>
      </g>
      <rect width="1600" height="900" class="night" />
      <rect width="1600" height="900" fill="url(#vignette)" />
    </svg>
  )
}
