/** Nobody has answered, or with something that is none. `words` are for the operator and hold no secret. */
export class ProviderSilent extends Error {
  override readonly name = 'ProviderSilent'
  readonly words: string

  constructor(words: string) {
    super(words)
    this.words = words
  }
}

/** The provider's answer is not to be believed, or is a no. `code` is a word of the protocol, for the log. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused'
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}
