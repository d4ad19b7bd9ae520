import type { Command } from 'commander'
import { reportExport } from '../../server/acts/report-export.ts'
import { addAct } from '../acts.ts'
import { toStandardOutput } from '../export-file.ts'

/** `docket report export` writes the file to standard output. */
export function addReportCommands(program: Command) {
  const report = program.command('report').description('what was sold, given back and spent')
  addAct(report, reportExport, toStandardOutput(reportExport))
}
