// The script of a new order: the service is found as the user types, its form is inserted, and its price is shown as the form is filled in.
import './app.ts'
import { openOrderForm } from './order-form.ts'
import { openPicker } from './picker-of-services.ts'

openPicker()
openOrderForm()
