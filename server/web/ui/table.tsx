import type { ComponentChildren } from 'preact'

interface TableProps {
  /** Says what the table holds, for screen readers. */
  readonly caption: string
  readonly headings: readonly ComponentChildren[]
  /** A row's first cell is its heading. */
  readonly rows: readonly (readonly ComponentChildren[])[]
  /** Columns of figures, counted from 0. They are aligned at the end of their column. */
  readonly figures?: readonly number[]
}

/** A table whose rows are named by their first cell. It scrolls within itself if the screen is too narrow. */
export function Table({ caption, headings, rows, figures = [] }: TableProps) {
  const classOf = (column: number) => (figures.includes(column) ? 'figures' : undefined)
  return (
    <table>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {headings.map((heading, at) => (
            <th key={at} scope="col" class={classOf(at)}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells], at) => (
          <tr key={at}>
            <th scope="row">{name}</th>
            {cells.map((cell, column) => (
              <td key={column} class={classOf(column + 1)}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
