import type { z } from 'zod'
import type { GatewayCase } from '../gateway-case.ts'

/** Every gateway whose other side can be played, for the suites that promise the same of each. */
// oxlint-disable-next-line typescript/no-explicit-any -- a list of cases, each with settings of its own
export const allCases: readonly GatewayCase<any>[] = []
