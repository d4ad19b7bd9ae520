// The list of orders of the desk: its selection, beside what all pages of the desk have.
import { offerSelection } from './selection.ts'

offerSelection()
