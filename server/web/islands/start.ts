// The script of the first steps: the examples can be copied, in the language that was chosen last.
import './app.ts'
import { rememberCodeLanguage } from './code-language.ts'
import { offerCopies } from './copy.ts'

rememberCodeLanguage()
offerCopies()
