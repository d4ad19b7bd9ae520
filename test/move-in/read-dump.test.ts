import { describe, expect, test } from 'vitest'
import { type DumpRows, readDump } from '../../server/move-in/read-dump.ts'

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function read(text: string, tables: readonly string[] = ['t'], size = text.length): Promise<DumpRows[]> {
  const found: DumpRows[] = []
  for await (const rows of readDump(pieces(text, size), new Set(tables))) found.push(rows)
  return found
}

async function rowsOf(text: string, size?: number): Promise<(string | null)[][]> {
  return (await read(text, ['t'], size)).flatMap(({ rows }) => rows.map((row) => [...row]))
}

const HEAD = "CREATE TABLE `t` (\n  `a` int NOT NULL COMMENT 'one; (two)',\n  `b` text,\n  PRIMARY KEY (`a`)\n) ENGINE=InnoDB;\n"

describe('a dump of MySQL', () => {
  test.each<[what: string, values: string, row: (string | null)[]]>([
    ['numbers and NULL', '(1,NULL)', ['1', null]],
    ['negative numbers and exponents', '(-1.5,1e-05)', ['-1.5', '1e-05']],
    ['escapes', String.raw`(1,'a\'b\\c\n\t\0\Zd\%')`, ['1', "a'b\\c\n\t\0\u001Ad%"]],
    ['doubled quotation marks', "(1,'it''s')", ['1', "it's"]],
    ['signs of the syntax within a text', "(1,'a),(b;-- /* x */ \"')", ['1', 'a),(b;-- /* x */ "']],
    ['hex', "(0x6869,x'6869')", ['hi', 'hi']],
    ['texts with a character set', "(_binary 'ab',_utf8mb4'cd')", ['ab', 'cd']],
    ['words', '(true,current_timestamp())', ['1', 'current_timestamp()']],
    ['an empty text', "(1,'')", ['1', '']],
    ['spaces and comments', "( 1 ,\n /* two */ 'x' )", ['1', 'x']],
    ['characters beyond the BMP', "(1,'😀')", ['1', '😀']],
  ])('is read with %s, however it is cut', async (_, values, row) => {
    const text = `${HEAD}INSERT INTO \`t\` VALUES ${values};\n`
    for (const size of [1, 2, 3, 7, text.length]) expect(await rowsOf(text, size)).toEqual([row])
  })

  test('is read with many rows, several inserts and names of columns', async () => {
    const text = `INSERT INTO \`t\` (\`B\`, \`a\`) VALUES\n(1, 'x'),\n(2, 'y');\nINSERT IGNORE INTO shop.t (b,a) VALUES (3,'z');REPLACE INTO t (b,a) VALUES (4,'w')`
    const found = await read(`${text};`)
    expect(found.flatMap(({ columns, rows }) => rows.map((row) => [...columns, ...row]))).toEqual([
      ['b', 'a', '1', 'x'],
      ['b', 'a', '2', 'y'],
      ['b', 'a', '3', 'z'],
      ['b', 'a', '4', 'w'],
    ])
  })

  test('is read past everything else in it', async () => {
    const noise = [
      "-- it's a comment; INSERT INTO `t` VALUES (0,'no');",
      '# another',
      '/*!40101 SET NAMES utf8mb4 */;',
      'SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO;\'";',
      'DELIMITER ;;',
      'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN INSERT INTO log VALUES (1); END ;;',
      'DELIMITER ;',
      'LOCK TABLES `t` WRITE;',
    ].join('\n')
    expect(
      await rowsOf(`\uFEFF${noise}\n${HEAD}${noise}\nINSERT INTO t VALUES (1,'yes') ON DUPLICATE KEY UPDATE a = 1;\n${noise}\n`, 11),
    ).toEqual([['1', 'yes']])
  })

  test('of mysqldump that was cut between two statements is not taken for a whole one', async () => {
    const whole = `-- MySQL dump 10.13\n${HEAD}INSERT INTO t VALUES (1,'x');\nUNLOCK TABLES;\n`
    expect(await rowsOf(`${whole}-- Dump completed on 2026-03-01\n`)).toEqual([['1', 'x']])
    await expect(rowsOf(whole)).rejects.toThrow('does not say that it was completed')
  })

  test('that is cut is not taken for a whole one', async () => {
    await expect(rowsOf(`${HEAD}INSERT INTO t VALUES (1,'x'),(2,'y`)).rejects.toThrow('ends in the middle')
    await expect(rowsOf(`${HEAD}INSERT INTO t VALUES (1,'x')`)).rejects.toThrow('ends in the middle')
    await expect(rowsOf(`${HEAD}INSERT INTO t VALUES (1,2,3);`)).rejects.toThrow('3 values and 2 columns')
    await expect(rowsOf('INSERT INTO t VALUES (1,2);')).rejects.toThrow('before its columns')
  })
})
