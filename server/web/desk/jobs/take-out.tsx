import { Button } from '../../ui/form.tsx'
import { Form } from '../../ui/parts.tsx'
import type { DeskContext } from '../desk.ts'

/** Takes what a page shows out as a file. */
export function TakeOut({ context: { ui }, action, given }: TakeOutProps) {
  const { texts } = ui.frame
  return (
    <Form ui={ui} action={action} class="buttons">
      {Object.entries(given).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={String(value)} />
      ))}
      <Button type="submit" name="format" value="csv">
        {texts.text('desk.report.csv')}
      </Button>
      <Button type="submit" name="format" value="jsonl">
        {texts.text('desk.report.jsonl')}
      </Button>
    </Form>
  )
}

interface TakeOutProps {
  readonly context: DeskContext
  /** The form that takes it. */
  readonly action: string
  /** What it is asked for, by the names of its fields. */
  readonly given: Readonly<Record<string, string | number>>
}
