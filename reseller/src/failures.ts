import { NoAnswer, PanelRefusal } from '../../sdk/src/index.ts'

/** The exit codes of every command. They are published: none changes its meaning. */
export const exits = {
  /** Everything that was asked for is done. */
  done: 0,
  /** Something failed on this machine: a file cannot be written. */
  fault: 1,
  /** The command, or the file that it was given, is written wrongly. Nothing was sent. */
  usage: 2,
  /** The panel said no to all or some of it: that was not done. */
  refused: 3,
  /** Nobody knows whether all of it was done: look before you repeat it. */
  unknown: 4,
  /** There is no key, or the panel does not take it. */
  key: 5,
  /** There was no answer, or the panel takes nothing at the moment. Nothing was done: the same may be asked again later. */
  later: 6,
  /** Ctrl-C. */
  interrupted: 130,
} as const
export type Exit = (typeof exits)[keyof typeof exits]

/** Ends the command with one sentence for people and one code for programs. */
export class Failure extends Error {
  readonly exit: Exit
  readonly code: string

  constructor(exit: Exit, code: string, message: string) {
    super(message)
    this.exit = exit
    this.code = code
  }
}

/** What became of something that a panel was asked, when there was no plain yes. */
export function exitOf(error: unknown, changes: boolean): Exit {
  if (error instanceof Failure) return error.exit
  if (error instanceof PanelRefusal) {
    if (error.about === 'caller') return exits.key
    return error.about === 'now' ? exits.later : exits.refused
  }
  if (error instanceof NoAnswer) return changes && !error.nothingDone ? exits.unknown : exits.later
  if (error instanceof Error && error.name === 'AbortError') return exits.interrupted
  return error instanceof TypeError ? exits.usage : exits.fault
}

export function codeOf(error: unknown): string {
  if (error instanceof Failure || error instanceof PanelRefusal) return error.code
  if (error instanceof NoAnswer) return error.nothingDone ? 'not_sent' : `no_answer_${error.reason}`
  if (error instanceof Error && error.name === 'AbortError') return 'interrupted'
  return error instanceof TypeError ? 'usage' : 'fault'
}

/** Of several, the one that asks most of whoever reads it. */
export function worstOf(all: Iterable<Exit>): Exit {
  const found = new Set(all)
  return [exits.unknown, exits.key, exits.fault, exits.refused, exits.later, exits.usage].find((exit) => found.has(exit)) ?? exits.done
}
