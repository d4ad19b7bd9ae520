// The script of the page of funds: the statement is verified in the reader's own browser.
import './app.ts'
import { offerVerification } from './verify.ts'

offerVerification()
