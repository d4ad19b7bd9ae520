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
    for (const letter of text) this.#take(letter, records)
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

  #take(letter: string, records: CsvRecord[]): void {
    const isLineFeedOfReturn = letter === '\n' && this.#isAfterReturn
    this.#isAfterReturn = letter === '\r'
    if ((letter === '\n' && !isLineFeedOfReturn) || letter === '\r') this.#line += 1
    if (this.#isQuoted && !this.#isAfterQuote) {
      this.#isAfterQuote = letter === '"'
      this.#count()
      if (!this.#isAfterQuote) this.#cell += letter
      return
    }
    if (letter === '"' && this.#isAfterQuote) {
      this.#cell += '"'
      this.#isAfterQuote = false
    } else if (letter === '"' && this.#cell === '' && !this.#isQuoted) {
      this.#isQuoted = true
      this.#count()
    } else if (letter === this.#separator) {
      this.#count()
      this.#endCell()
    } else if (letter === '\n' || letter === '\r') {
      if (isLineFeedOfReturn) this.#beginsAt = this.#line
      else this.#endRecord(records)
    } else {
      this.#count()
      this.#cell += letter
    }
  }

  #count(): void {
    this.#length += 1
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
