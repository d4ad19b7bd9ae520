import { betweenLetters } from '../text.ts'

// The words at the heart of the commonest passwords of the published leaks, which guessers try first. A password made of one of them with digits and
// signs around it is easy to guess, however long it is.
const WORDS = new Set(
  (
    'password passwort passw0rd p@ssw0rd pa55word contrasena motdepasse wachtwoord senha parola haslo qwerty qwertyuiop qwertz azerty ' +
    'asdfgh asdfghjkl zxcvbn zxcvbnm letmein welcome willkommen bienvenue iloveyou loveyou iloveu teamo jetaime admin administrator ' +
    'root superuser user guest test testing login signin changeme default secret access master monkey dragon football baseball ' +
    'basketball soccer hockey sunshine princess superman batman spiderman starwars pokemon shadow michael jennifer jordan daniel ' +
    'charlie jessica ashley andrew thomas robert matthew joshua nicole hunter buster killer george harley ranger summer winter ' +
    'spring autumn flower cookie cheese chocolate banana orange computer internet samsung google facebook instagram tiktok youtube ' +
    'whatever trustno freedom liverpool chelsea arsenal barcelona realmadrid juventus galatasaray fenerbahce besiktas corinthians ' +
    'flamengo mustang ferrari mercedes porsche yamaha hello helloworld abcabc abcdef abcdefg aaaaaa blink nirvana metallica eminem ' +
    'jesus jesuschrist blessed family forever lovely angel angels maria natasha sergey marina andrey nikita docket panel reseller ' +
    'smm smmpanel money bitcoin crypto business'
  ).split(' '),
)

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'q1w2e3r4t5y6u7i8o9p0',
  'qwertyuiopasdfghjklzxcvbnm',
]
const BOTH_WAYS = [...RUNS, ...RUNS.map((run) => run.split('').toReversed().join(''))]
const FEWEST_CHARACTERS = 4

export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase()
  if (new Set(lower).size < FEWEST_CHARACTERS) return true
  if (BOTH_WAYS.some((run) => run.includes(lower))) return true
  const heart = betweenLetters(lower)
  return WORDS.has(heart) || WORDS.has(halfOf(heart))
}

/** passwordpassword counts as password. */
function halfOf(text: string): string {
  const half = text.slice(0, text.length / 2)
  return half + half === text ? half : text
}
