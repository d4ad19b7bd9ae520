// The script of every page about orders, services or money. A page with its own entry script imports this one first.
import './site.ts'
