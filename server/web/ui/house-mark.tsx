import type { Frame } from './document.tsx'

/** The operator's logo and name, linked to the home page. */
export function House({ frame: { assets, house }, href }: { readonly frame: Frame; readonly href: string }) {
  return (
    <a class="house" href={href}>
      {assets.logo === undefined ? <Ticket /> : <img src={assets.logo} alt="" height="28" />}
      <span>{house.name}</span>
    </a>
  )
}

/** The sign that is shown while the operator has no logo. It takes the brand colour from the page. */
function Ticket() {
  return (
    <svg class="ticket" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <path fill="currentColor" d="M4 6h24v7a3 3 0 0 0 0 6v7H4v-7a3 3 0 0 0 0-6z" />
      <path d="M10 13h12M10 19h7" />
    </svg>
  )
}
