import type { Command } from 'commander'
import { viewDrop } from '../../server/acts/view-drop.ts'
import { viewKeep } from '../../server/acts/view-keep.ts'
import { addAct } from '../acts.ts'

export function addViewCommands(program: Command) {
  const view = program.command('view').description('the lists of the desk that people keep')
  addAct(view, viewKeep)
  addAct(view, viewDrop)
}
