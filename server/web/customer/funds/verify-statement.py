import csv, hashlib, json, sys

units = lambda text: int(text.replace('.', ''))
plain = lambda text: text[1:] if text.startswith("'") else text
sides = {'deposit': ('paid_in', 'wallet'), 'charge': ('wallet', 'sales'), 'refund': ('sales', 'wallet'), 'compensation': ('sales', 'wallet')}
lines = csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline=''))
before = next(lines)
for line in lines:
    amount, balance = units(line['amount']), units(line['balance'])
    side = sides.get(line['cause'], ('paid_in', 'wallet') if amount > 0 else ('wallet', 'paid_in'))
    texts = [line['line'], line['cause'], *side, str(abs(amount)), str(balance), line['order'], plain(line['reference']), plain(line['note']), line['time']]
    text = before['hash'] + json.dumps(texts, ensure_ascii=False, separators=(',', ':'))
    if hashlib.sha256(text.encode()).hexdigest() != line['hash'] or units(before['balance']) + amount != balance:
        sys.exit(f"line {line['line']} does not fit")
    before = line
print(f"every line up to {before['line']} fits, and its hash is {before['hash']}")
