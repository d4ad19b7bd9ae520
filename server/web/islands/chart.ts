/** Moves from bar to bar with the pointer or the arrow keys, and shows the bar's text below the chart. Without script, each bar has its title and
 * a table has the figures. */
export function readCharts() {
  for (const svg of document.querySelectorAll<SVGSVGElement>('.chart svg')) readChart(svg)
}

function readChart(svg: SVGSVGElement) {
  const bars = [...svg.querySelectorAll<SVGGElement>('.bar')]
  const shownText = svg.parentElement?.querySelector('.chart-text')
  if (!shownText || bars.length === 0) return
  let at = bars.length - 1
  svg.setAttribute('role', 'slider')
  svg.setAttribute('tabindex', '0')
  svg.setAttribute('aria-valuemin', '1')
  svg.setAttribute('aria-valuemax', String(bars.length))

  const go = (to: number, isSeen = true) => {
    bars[at]!.classList.remove('at')
    at = Math.min(Math.max(to, 0), bars.length - 1)
    const text = bars[at]!.dataset['text']!
    svg.setAttribute('aria-valuenow', String(at + 1))
    svg.setAttribute('aria-valuetext', text)
    bars[at]!.classList.toggle('at', isSeen)
    shownText.textContent = isSeen ? text : ''
  }
  const steps: Readonly<Record<string, () => number>> = {
    ArrowRight: () => at + (svg.dataset['direction'] === 'rtl' ? -1 : 1),
    ArrowLeft: () => at + (svg.dataset['direction'] === 'rtl' ? 1 : -1),
    ArrowUp: () => at + 1,
    ArrowDown: () => at - 1,
    Home: () => 0,
    End: () => bars.length - 1,
  }

  go(at, false)
  svg.addEventListener('focus', () => go(at))
  svg.addEventListener('blur', () => go(at, false))
  svg.addEventListener('pointerleave', () => go(at, document.activeElement === svg))
  svg.addEventListener('pointermove', ({ target }) => {
    const bar = target instanceof Element ? target.closest<SVGGElement>('.bar') : null
    if (bar) go(bars.indexOf(bar))
  })
  svg.addEventListener('keydown', (event) => {
    const step = event.altKey || event.ctrlKey || event.metaKey ? undefined : steps[event.key]
    if (!step) return
    event.preventDefault()
    go(step())
  })
}
