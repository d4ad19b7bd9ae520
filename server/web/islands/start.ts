// First steps: the lines are copied, in the language that was chosen last.
import './app.ts'
import { rememberCodeLanguage } from './code-language.ts'
import { offerCopies } from './copy.ts'

rememberCodeLanguage()
offerCopies()
