/** What may become of deliveries whose end is not known. */
export const resolutions = ['hold', 'resend'] as const

export type Resolution = (typeof resolutions)[number]
