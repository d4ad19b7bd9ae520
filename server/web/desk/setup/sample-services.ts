/** Services to look around with: nobody delivers them. */
export const sampleServices = [
  { name: 'Managed ad views', category: 'Managed ads', rate: '0.90', min: 100, max: 100_000, cancel: true, refill: true },
  { name: 'Managed ad clicks', category: 'Managed ads', rate: '12.00', min: 50, max: 10_000, cancel: true, refill: false },
  { name: 'Posts by creators', category: 'Creators', rate: '450.00', min: 1, max: 50, cancel: true, refill: false },
] as const
