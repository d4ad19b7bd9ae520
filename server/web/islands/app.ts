// What every page of the work with orders and money has. A page with an island of its own imports this one first.
import './site.ts'
