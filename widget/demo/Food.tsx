/** What is on the host's table and in the host's hand. */

export type Product = 'oats' | 'oil' | 'eggs'

/** In the raised hand, around (940, 500). */
export function Held({ product }: { product: Product }) {
  switch (product) {
    case 'oil':
      return (
        <g class="held" key="oil">
          <path
            d="M924 388h34v40q26 20 26 52v116q0 16-16 16h-54q-16 0-16-16V480q0-32 26-52z"
            fill="url(#oil)"
          />
          <rect x="920" y="366" width="42" height="30" rx="7" class="cap" />
          <rect x="898" y="494" width="86" height="70" rx="6" class="label" />
          <path d="M941 506c16 12 18 32 0 46-18-14-16-34 0-46z" class="olive" />
          <path d="M910 446q-4 60 0 140" class="shine-line" />
        </g>
      )
    case 'eggs':
      return (
        <g class="held" key="eggs">
          <path d="M864 470h152l-12 116q-2 16-18 16h-92q-16 0-18-16z" class="carton" />
          {[884, 922, 960, 998].map((x) => (
            <ellipse key={x} cx={x - 1} cy="466" rx="19" ry="27" class="egg" />
          ))}
          <path d="M862 472h156v18H862z" class="carton-edge" />
          <rect x="892" y="512" width="96" height="56" rx="8" class="label" />
          <circle cx="940" cy="540" r="17" class="yolk" />
        </g>
      )
    default:
      return (
        <g class="held" key="oats">
          <path d="M872 400q68-16 136 0l8 196q-76 24-152 0z" fill="url(#oats)" />
          <path d="M872 400q68-16 136 0l2 30q-70-14-140 0z" class="bag-top" />
          <path
            d="M880 398v18m14-20v18m14-20v18m14-20v18m14-19v18m14-18v18m14-17v18m14-16v18m14-16v18"
            class="crimp"
          />
          <ellipse cx="940" cy="506" rx="52" ry="58" class="label" />
          <path
            d="M940 548v-70m0 16q-22-4-22-24 20 2 22 24zm0 0q22-4 22-24-20 2-22 24zm0 26q-22-4-22-24 20 2 22 24zm0 0q22-4 22-24-20 2-22 24z"
            class="wheat"
          />
          <path d="M884 436q-8 70-4 146" class="shine-line" />
        </g>
      )
  }
}

export function TableFood() {
  return (
    <g class="table">
      <ellipse cx="800" cy="806" rx="560" ry="30" class="under" />
      <path d="M-60 790h1720v140H-60z" fill="url(#wood)" />
      <path d="M-60 790h1720v10H-60z" class="edge" />
      <path d="M-60 838h1720M-60 880h1720" class="grain" />
      {/* oats in a bowl, with steam */}
      <g class="bowl">
        <path d="M738 682q-14-20 0-40t0-40" class="steam" />
        <path d="M774 678q-14-22 0-44t0-44" class="steam late" />
        <path d="M810 682q-14-20 0-40t0-40" class="steam later" />
        <ellipse cx="774" cy="732" rx="92" ry="24" class="rim" />
        <ellipse cx="774" cy="730" rx="80" ry="18" class="porridge" />
        <path
          d="M744 726q10-12 22-4t-4 12zM782 732q12-12 24-2t-8 12zM764 738q8-8 18-2t-6 8z"
          class="berry"
        />
        <path d="M682 734q4 88 58 98h68q54-10 58-98-92 44-184 0z" class="china" />
        <path d="M690 770q84 30 168 0" class="stripe" />
      </g>
      {/* bottle, box of eggs, bag: to both sides, so that phones see some of each */}
      <g class="bottle">
        <path
          d="M614 604h26v34q22 16 22 44v122q0 14-14 14h-42q-14 0-14-14V682q0-28 22-44z"
          fill="url(#oil)"
        />
        <rect x="610" y="584" width="34" height="26" rx="6" class="cap" />
        <rect x="592" y="700" width="70" height="66" rx="5" class="label" />
        <path d="M627 712c13 10 15 28 0 40-15-12-13-30 0-40z" class="olive" />
        <path d="M601 660q-3 60 0 140" class="shine-line" />
      </g>
      <g class="box">
        <path d="M1006 764h178l-14 66q-3 14-18 14h-114q-15 0-18-14z" class="carton" />
        {[1030, 1072, 1116, 1160].map((x) => (
          <ellipse key={x} cx={x} cy="758" rx="22" ry="30" class="egg" />
        ))}
        <path d="M1002 764h186v16h-186z" class="carton-edge" />
      </g>
      <g class="bag">
        <path d="M388 608q78-18 156 0l10 222q-88 22-176 0z" fill="url(#oats)" />
        <path d="M388 608q78-18 156 0l2 30q-80-14-160 0z" class="bag-top" />
        <ellipse cx="466" cy="726" rx="56" ry="60" class="label" />
        <path
          d="M466 770v-74m0 18q-24-4-24-26 22 2 24 26zm0 0q24-4 24-26-22 2-24 26zm0 28q-24-4-24-26 22 2 24 26zm0 0q24-4 24-26-22 2-24 26z"
          class="wheat"
        />
      </g>
      <g class="basket">
        <circle cx="1300" cy="752" r="40" class="tomato" />
        <circle cx="1366" cy="740" r="46" class="apple" />
        <circle cx="1432" cy="752" r="40" class="lemon" />
        <path d="M1366 700q4-18 18-22" class="stem" />
        <path d="M1236 766h262l-26 76q-4 12-16 12h-178q-12 0-16-12z" class="weave" />
        <path d="M1246 790h242M1256 816h222" class="weft" />
      </g>
      <path
        d="M1206 836q30-96 10-168m8 74q30-8 34-40-34 4-34 40zm2 36q-30-8-34-40 34 4 34 40z"
        class="sprig"
      />
    </g>
  )
}
