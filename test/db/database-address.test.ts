import { describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { readDatabaseAddress } from '../../server/database-address.ts'

const hostsOf = (text: string) => readDatabaseAddress(text).hosts.map(({ name }) => name)
const stringsOf = (text: string) => readDatabaseAddress(text).hosts.map(({ connectionString }) => connectionString)

describe('an address of a database', () => {
  test.for<[string, readonly string[]]>([
    ['postgres://docket@db/docket', ['db:5432']],
    ['postgresql://db', ['db:5432']],
    ['postgres:///docket', ['localhost:5432']],
    ['postgres://u:p@a:5432,b:5433,c/docket', ['a:5432', 'b:5433', 'c:5432']],
    ['postgres://u:p@[::1]:5433,[2001:db8::2],10.0.0.3/docket', ['[::1]:5433', '[2001:db8::2]:5432', '10.0.0.3:5432']],
    ['postgres://u@%2Fvar%2Frun%2Fpostgresql/docket', ['/var/run/postgresql']],
    ['postgres://u@localhost:5434/docket?host=%2Frun%2Fsocket', ['/run/socket']],
    ['postgres:///docket?host=a,b&port=5433', ['a:5433', 'b:5433']],
    ['postgres:///docket?host=a,b&port=5433,5434', ['a:5433', 'b:5434']],
    ['postgres://u:a,b@c@one,two/docket', ['one:5432', 'two:5432']],
  ])('%s names its hosts', ([text, hosts]) => {
    expect(hostsOf(text)).toEqual(hosts)
  })

  test('becomes an address of one host for each of them, which has user, password, database and encryption', () => {
    expect(
      stringsOf(
        'postgres://dock%40et:p%2Fa,s%25s@a:5433,[::1],%2Frun/doc%20ket?sslmode=verify-full&target_session_attrs=any&connect_timeout=3&options=-c%20a%3D1',
      ),
    ).toEqual([
      'postgres://dock%40et:p%2Fa%2Cs%25s@a:5433/doc%20ket?sslmode=verify-full&options=-c+a%3D1',
      'postgres://dock%40et:p%2Fa%2Cs%25s@[::1]/doc%20ket?sslmode=verify-full&options=-c+a%3D1',
      'postgres://dock%40et:p%2Fa%2Cs%25s@/doc%20ket?sslmode=verify-full&options=-c+a%3D1&host=%2Frun',
    ])
  })

  test('means any server with one host, and one that can be written with several, unless it says otherwise', () => {
    const wanted = (text: string) => readDatabaseAddress(text).wanted
    expect(wanted('postgres://a/docket')).toBe('any')
    expect(wanted('postgres://a,b/docket')).toBe('read-write')
    expect(wanted('postgres://a/docket?target_session_attrs=read-write')).toBe('read-write')
    expect(wanted('postgres://a,b/docket?target_session_attrs=prefer-standby')).toBe('prefer-standby')
  })

  test('gives each host its own seconds where it says so', () => {
    expect(readDatabaseAddress('postgres://a,b/docket?connect_timeout=2').hostWithinMs).toBe(2000)
    expect(readDatabaseAddress('postgres://a,b/docket').hostWithinMs).toBeUndefined()
  })

  test('a sign of per cent that begins no code stands for itself', () => {
    expect(stringsOf('postgres://u:100%@a/docket')).toEqual(['postgres://u:100%25@a/docket'])
  })

  test.for<[string, string]>([
    ['mysql://a/docket', 'must start with postgres://'],
    ['postgres://a,,b/docket', 'has a comma with no host beside it'],
    ['postgres://a,b,/docket', 'has a comma with no host beside it'],
    ['postgres://u:secret@a:70000,b/docket', 'names a port that is no number from 1 to 65535: a:70000'],
    ['postgres://u:secret@a:0/docket', 'names a port that is no number from 1 to 65535: a:0'],
    ['postgres://a:x/docket', 'names a port that is no number from 1 to 65535: a:x'],
    ['postgres://2001:db8::1/docket', 'has an IPv6 address without brackets, which must be written like [2001:db8::1]:5432: 2001:db8::1'],
    ['postgres://[2001:db8::g]/docket', 'has an address in brackets that is no IPv6 address: [2001:db8::g]'],
    ['postgres:///docket?host=a,b,c&port=1,2', 'names 2 ports for 3 hosts: give one port, or one for each host'],
    ['postgres://u:se/cret@a/docket', 'has a / ? or # in its user or password, which must be written %2F, %3F or %23'],
    ['postgres://u:se#cret@a/docket', 'has a / ? or # in its user or password, which must be written %2F, %3F or %23'],
    ['postgres://u:%ff@a/docket', 'has a user or password whose % signs do not stand for letters: write a % as %25'],
    ['postgres://a/docket?sslmod=require&schema=x', 'has a parameter that Docket does not know: sslmod, schema'],
    ['postgres://a/docket?sslmode=on', 'has sslmode=on, which must be one of disable, prefer, require, verify-ca, verify-full, no-verify'],
    ['postgres://a/docket?sslrootcert=%2Fnowhere.pem', 'names a file in sslrootcert that cannot be read: /nowhere.pem'],
    ['postgres://a/docket?connect_timeout=soon', 'has connect_timeout=soon, which must be a whole number of seconds'],
    ['postgres://a/docket?load_balance_hosts=yes', 'has load_balance_hosts=yes, which must be disable or random'],
    [
      'postgres://a,b/docket?target_session_attrs=master',
      'has target_session_attrs=master, which must be one of any, read-write, read-only, primary, standby, prefer-standby',
    ],
    [
      'postgres://a:x,/docket?foo=1',
      'has a parameter that Docket does not know: foo, and has a comma with no host beside it, and names a port that is no number from 1 to 65535: a:x',
    ],
  ])('%s is refused with what is wrong', ([text, sentence]) => {
    expect(() => readConfig({}, { DATABASE_URL: text })).toThrow(`DATABASE_URL ${sentence}.`)
  })
})
