// The page for a new order: a service found while it is typed, its form in place, its price while it is filled in.
import './app.ts'
import { openOrderForm } from './order-form.ts'
import { openPicker } from './picker-of-services.ts'

openPicker()
openOrderForm()
