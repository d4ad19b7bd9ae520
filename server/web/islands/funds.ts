// The script of the pages of funds: what a payment costs while it is typed, how it stands while it waits, and the statement verified in the reader's
// own browser.
import './app.ts'
import { openAddFunds } from './add-funds.ts'
import { followPayment } from './payment.ts'
import { offerVerification } from './verify.ts'

openAddFunds()
followPayment()
offerVerification()
