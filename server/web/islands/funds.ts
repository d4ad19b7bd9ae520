// The statement proves itself in the reader's own browser.
import './app.ts'
import { offerVerification } from './verify.ts'

offerVerification()
