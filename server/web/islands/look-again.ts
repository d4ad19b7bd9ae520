interface Looking {
  /** How often, in milliseconds: so soon after a change, each time by this factor less often while nothing changes, at last so rarely. */
  readonly shortest: number
  readonly slower: number
  readonly longest: number
  /** Whether there is anything left to look for. */
  readonly isLeft: () => boolean
  /** `over`: it is looked again only when the person comes back to the page. */
  readonly look: () => Promise<'changed' | 'same' | 'over'>
}

/** Looks again and again while the page is visible. Nothing is requested while it is hidden; a person who comes back gets the news then. */
export function lookAgain({ shortest, slower, longest, isLeft, look }: Looking) {
  let pause = shortest
  let timer: number | undefined
  const lookLater = () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void lookNow(), pause)
  }
  const lookNow = async () => {
    if (document.visibilityState === 'hidden') return
    const seen = await look()
    pause = seen === 'changed' ? shortest : Math.min(pause * slower, longest)
    if (seen !== 'over' && isLeft()) lookLater()
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' || !isLeft()) return
    pause = shortest
    void lookNow()
  })
  lookLater()
}
