import './site.ts'
