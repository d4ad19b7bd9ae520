import csv, hashlib, json, sys

units = lambda text: int(text.replace('.', ''))
plain = lambda text: text[1:] if text.startswith("'") else text
lines = csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline=''))
before = next(lines)
for line in lines:
    amount, balance, moved = units(line['amount']), units(line['balance']), units(line['moved'])
    change = moved if line['to'] == 'wallet' else -moved if line['from'] == 'wallet' else 0
    movement = [line['line'], line['cause'], line['from'], line['to'], str(moved), str(balance)]
    about = [line['order'], plain(line['reference']), plain(line['note']), line['time']]
    texts = ['v2', *movement, str(units(line['owed'])), *about] if line['owed'] else [*movement, *about]
    text = before['hash'] + json.dumps(texts, ensure_ascii=False, separators=(',', ':'))
    if hashlib.sha256(text.encode()).hexdigest() != line['hash'] or amount != change or units(before['balance']) + amount != balance:
        sys.exit(f"line {line['line']} does not fit")
    before = line
print(f"every line up to {before['line']} fits, and its hash is {before['hash']}")
