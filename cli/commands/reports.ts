import type { Command } from 'commander'
import { filterOfReport, reportExport } from '../../server/acts/report-export.ts'
import { checkInput, runAct } from '../../server/acts/run-act.ts'
import { reportFile } from '../../server/reports/export.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { addAct, userName } from '../acts.ts'
import { withHouse } from '../house.ts'

/** `docket report export` writes the file to standard output. */
export function addReportCommands(program: Command) {
  const report = program.command('report').description('what was sold, given back and spent')
  addAct(report, reportExport, {
    instead: (input) => () =>
      withHouse(async (house) => {
        const given = checkInput(reportExport, input) as Parameters<typeof filterOfReport>[0]
        await runAct(house, machineUser(userName()), reportExport, { input })
        for await (const piece of reportFile(house.db, filterOfReport(given), given.format)) process.stdout.write(piece)
      }),
  })
}
