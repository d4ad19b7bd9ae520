/** A record of a CSV file, and the line of the file on which it begins. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

export class CsvFault extends Error {}

/** More in one record than this is a quote that was never closed. */
const LONGEST_RECORD = 1_000_000
const SEPARATORS = [',', ';', '\t']

/** Reads records from texts as they come (RFC 4180; separated by comma, semicolon or tab, whichever the first line has most of). Holds one record. */
export class CsvReader {
  #separator: string | null = null
  #held = ''
  #cells: string[] = []
  #cell = ''
  #length = 0
  #isQuoted = false
  /** Behind a quote that may end a cell, or be the first of two. */
  #isAfterQuote = false
  #line = 1
  #beginsAt = 1
  #isAfterReturn = false

  push(text: string): CsvRecord[] {
    if (this.#separator === null) {
      this.#held += text
      const end = this.#held.search(/[\r\n]/)
      if (end === -1 && this.#held.length < LONGEST_RECORD) return []
      return this.#begin(end === -1 ? this.#held : this.#held.slice(0, end))
    }
    const records: CsvRecord[] = []
    for (let at = 0; at < text.length;) at = this.#isWithinQuotes() ? this.#takeQuoted(text, at) : this.#takePlain(text, at, records)
    return records
  }

  end(): CsvRecord[] {
    const records = this.#separator === null ? this.#begin(this.#held) : []
    if (this.#isQuoted && !this.#isAfterQuote) throw new CsvFault(`line ${this.#beginsAt}: a quote is not closed`)
    if (this.#length > 0) this.#endRecord(records)
    return records
  }

  #begin(firstLine: string): CsvRecord[] {
    const count = (separator: string) => firstLine.split(separator).length
    this.#separator = SEPARATORS.toSorted((a, b) => count(b) - count(a))[0]!
    const held = this.#held.replace(/^\uFEFF/, '')
    this.#held = ''
    return this.push(held)
  }

  #isWithinQuotes(): boolean {
    return this.#isQuoted && !this.#isAfterQuote
  }

  /** Up to the next quote. Answers where to go on. */
  #takeQuoted(text: string, from: number): number {
    const end = text.indexOf('"', from)
    const part = text.slice(from, end === -1 ? text.length : end)
    this.#add(part)
    this.#countLines(part)
    if (end === -1) return text.length
    this.#isAfterQuote = true
    return end + 1
  }

  /** Up to the next letter that means something. */
  #takePlain(text: string, from: number, records: CsvRecord[]): number {
    let end = from
    while (end < text.length && !this.#isSpecial(text[end]!)) end += 1
    if (end > from) {
      this.#add(text.slice(from, end))
      this.#isAfterReturn = false
      return end
    }
    this.#takeSpecial(text[from]!, records)
    return from + 1
  }

  #isSpecial(letter: string): boolean {
    return letter === this.#separator || letter === '"' || letter === '\n' || letter === '\r'
  }

  #takeSpecial(letter: string, records: CsvRecord[]): void {
    const isLineFeedOfReturn = letter === '\n' && this.#isAfterReturn
    if (letter === '"') this.#takeQuote()
    else if (letter === this.#separator) {
      this.#add('')
      this.#endCell()
    } else if (!isLineFeedOfReturn) {
      this.#line += 1
      this.#endRecord(records)
    }
    this.#isAfterReturn = letter === '\r'
  }

  /** A quote begins a cell, is the second of two, or a letter like any other within a cell that has none around it. */
  #takeQuote(): void {
    const begins = this.#cell === '' && !this.#isQuoted
    this.#add(begins ? '' : '"')
    if (begins) this.#isQuoted = true
    this.#isAfterQuote = false
  }

  #countLines(part: string): void {
    for (let at = part.search(/[\r\n]/); at !== -1 && at < part.length; at += 1) {
      const isLineFeedOfReturn = part[at] === '\n' && (at > 0 ? part[at - 1] === '\r' : this.#isAfterReturn)
      if (part[at] === '\r' || (part[at] === '\n' && !isLineFeedOfReturn)) this.#line += 1
    }
    this.#isAfterReturn = part.endsWith('\r')
  }

  /** Also a cell with nothing in it makes its line a record. */
  #add(part: string): void {
    this.#cell += part
    this.#length += part.length + 1
    if (this.#length > LONGEST_RECORD) throw new CsvFault(`line ${this.#beginsAt}: this is longer than any order; is a quote not closed?`)
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#isQuoted = false
    this.#isAfterQuote = false
  }

  /** A line with nothing on it is no record. */
  #endRecord(records: CsvRecord[]): void {
    if (this.#length > 0) {
      this.#endCell()
      records.push({ line: this.#beginsAt, cells: this.#cells })
    }
    this.#cells = []
    this.#length = 0
    this.#beginsAt = this.#line
  }
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}

/** What a panel said, in a cell that no spreadsheet takes for a formula. */
export function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}
