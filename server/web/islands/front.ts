// The script of the landing page: the example can be copied, in the language that was chosen last.
import './site.ts'
import { rememberCodeLanguage } from './code-language.ts'
import { offerCopies } from './copy.ts'

rememberCodeLanguage()
offerCopies()
