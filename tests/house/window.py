#!/usr/bin/env python3
"""window.py SOURCE: the window holds no SQL, no parsing and no rules. SQL lives behind src/case, bytes of the evidence are taken
apart in the worker and in deadbox-preview (gui/preview is a part of that), and what is a finding is said by plugins alone."""
import json
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
FORBIDDEN = [
    ('SQL', re.compile(r'\.prepare\(|\.execute\(|sqlite3_|\bQSql|\b(SELECT\s+[\w*(]+[^"]*\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s+\w+\s*[(V]|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s+\w|CREATE\s+(TABLE|INDEX)\s+\w|PRAGMA\s+\w)')),
    ('parsing', re.compile(r'byte_cursor|ByteCursor|load_[lb]e\d*[<(]|\bQDataStream\b|\bqFromBigEndian|\bqFromLittleEndian|#include <(elf|zlib|archive|zip|yara|tsk/[^>]*)\.h>')),
]
# A line may be excused with its reason here.
EXCUSED = {('gui/widgets/code_colours.cpp', 'SQL')}  # words that the text view colours in SQL files

rules = set()
for topic in (root / 'plugins').glob('*/*.json'):
    text = json.loads(topic.read_text(encoding='utf-8'))
    if isinstance(text, dict):
        for rule in text.get('rules', []):
            rules.add(text['id'] + '/' + (rule if isinstance(rule, str) else rule['id']))

faults = []
files = [path for path in (root / 'gui').rglob('*') if path.suffix in ('.cpp', '.hpp') and 'preview' not in path.relative_to(root / 'gui').parts[:1]]
for path in files:
    name = str(path.relative_to(root))
    for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
        code = line.split('//')[0] if '"' not in line else line
        for what, pattern in FORBIDDEN:
            if pattern.search(code) and (name, what) not in EXCUSED:
                faults.append(f'{name}:{number}: {what}: {line.strip()[:120]}')
        for literal in re.findall(r'"([a-z_]+(?:/[a-z_]+)?)"', code):
            if literal in rules:
                faults.append(f'{name}:{number}: a rule: {literal}')
if len(files) < 80 or len(rules) < 20:
    faults.append(f'{len(files)} files and {len(rules)} rules were found: is this the source?')
print('\n'.join(faults))
sys.exit(1 if faults else 0)
