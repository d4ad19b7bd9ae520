import { remember } from './choice.ts'

/** Switches between light, dark and the device's theme without loading the page again. */
export function followAppearance() {
  const links = document.querySelectorAll<HTMLAnchorElement>('a[data-theme-choice]')
  for (const link of links) {
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      const theme = link.dataset['themeChoice']!
      document.documentElement.dataset['theme'] = theme
      remember('theme', theme)
      for (const other of links) {
        if (other === link) other.setAttribute('aria-current', 'true')
        else other.removeAttribute('aria-current')
      }
    })
  }
}
