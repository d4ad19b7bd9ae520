import { claimTable, comparisonTable, type PartReport } from './report.ts'

/** The report of a whole run, as --json writes it. */
export interface RunReport {
  readonly at: string
  readonly command: string
  readonly rounds: number
  readonly seconds: number
  readonly machine: Readonly<Record<string, string>>
  readonly parts: readonly PartReport[]
}

export function asMarkdown(run: RunReport): string {
  const machine = Object.entries(run.machine).map(([what, how]) => `- ${what}: ${how}`)
  const parts = run.parts.flatMap((part) => [
    `## ${part.name}`,
    ...part.comparisons.map(comparisonTable),
    part.proofs.map((proof) => `- ${proof.ok ? 'proved' : '**FAULT**'}: ${proof.sentence}`).join('\n'),
  ])
  return [
    `# ${run.at}`,
    `\`npm run bench -- ${run.command}\`, ${run.rounds} rounds of ${run.seconds} s each, medians.`,
    machine.join('\n'),
    '## Targets',
    claimTable(run.parts.flatMap((part) => part.claims)),
    ...parts.filter(Boolean),
  ].join('\n\n')
}
