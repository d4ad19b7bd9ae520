/** The application of these tests. */
export const SHOP = { name: 'shop', title: 'Shop' } as const
