/**
 * Letters that do not fall apart into a Latin letter and a mark, and what stands for each. Cyrillic follows
 * BGN/PCGN and Greek ELOT 743, both simplified.
 */
const letters: ReadonlyMap<string, string> = new Map(
  `ß=ss æ=ae œ=oe ø=o đ=d ð=d þ=th ł=l ħ=h ı=i ŋ=ng
   а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts
   ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya і=i ї=yi є=ye ґ=g ў=u ј=j љ=lj њ=nj ћ=c ђ=dj џ=dz
   α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o`
    .split(/\s+/)
    .map((pair) => [pair.charAt(0), pair.slice(2)]),
)

/** Long enough to recognise a title by, short enough for a path. */
const LONGEST = 60

/**
 * A file name for `title`: lower-case ASCII letters, digits and hyphens, cut at a word after 60
 * characters. Empty where no letter of it can be written in ASCII.
 */
export function slugOf(title: string): string {
  const plain = [...title.toLowerCase().normalize('NFC')]
    .map((letter) => letters.get(letter) ?? letter.normalize('NFKD').replace(/\p{M}/gu, ''))
    .map((letter) => letters.get(letter) ?? letter)
    .join('')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return shorten(plain, LONGEST, '-')
}

/** `text` cut after the last whole word that ends within `longest` characters. */
export function shorten(text: string, longest: number, separator = ' '): string {
  if (text.length <= longest) return text
  const cut = text.slice(0, longest + 1).lastIndexOf(separator)
  return text.slice(0, cut > 0 ? cut : longest)
}

/** `name`, or `name-2`, `name-3` …: the first that `isTaken` does not know. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name
  for (let number = 2; ; number++) if (!isTaken(`${name}-${number}`)) return `${name}-${number}`
}
