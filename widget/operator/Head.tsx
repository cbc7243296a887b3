/** What stands over a page, and over a table. */

/** The name of a page whose things are added in a dialog. */
export function AddingHead({ title, add, open }: { title: string; add: string; open: () => void }) {
  return (
    <div class="head">
      <h1>{title}</h1>
      <span class="sp" />
      <button type="button" class="ff-btn pri" aria-haspopup="dialog" onClick={open}>
        {add}
      </button>
    </div>
  )
}

/** Names of columns; from the third on they hold numbers. */
export const Columns = ({ names }: { names: readonly string[] }) => (
  <thead>
    <tr>
      {names.map((name, i) => (
        <th key={name} scope="col" class={i > 1 ? 'r' : ''}>
          {name}
        </th>
      ))}
    </tr>
  </thead>
)
