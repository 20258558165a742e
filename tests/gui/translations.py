#!/usr/bin/env python3
"""translations.py LUPDATE SOURCE: the German translation has exactly what the sources say. A text that never was taken up
would otherwise be shown in English without anybody noticing."""
import os
import re
import shutil
import subprocess
import sys
import tempfile


def messages(path):
    found = {}
    for context in re.findall(r'<context>.*?</context>', open(path, encoding='utf-8').read(), re.S):
        name = re.search(r'<name>(.*?)</name>', context).group(1)
        for message in re.findall(r'<message.*?</message>', context, re.S):
            source = re.search(r'<source>(.*?)</source>', message, re.S).group(1).replace('&apos;', "'").replace('&quot;', '"')
            found[name, source] = 'unfinished' in message
    return found


def main():
    lupdate, source = sys.argv[1:3]
    kept = os.path.join(source, 'gui/translations/deadbox_de.ts')
    with tempfile.TemporaryDirectory() as folder:
        fresh = shutil.copy(kept, os.path.join(folder, 'deadbox_de.ts'))
        subprocess.run([lupdate, '-silent', '-no-obsolete', '-locations', 'none', '-disable-heuristic', 'sametext', '-disable-heuristic', 'similartext', '-disable-heuristic', 'number',
                        '-I', source, '-I', os.path.join(source, 'src'), os.path.join(source, 'gui'), '-ts', fresh], check=True)
        before, after = messages(kept), messages(fresh)
    missing = [key for key, unfinished in after.items() if unfinished]
    for context, text in missing:
        print(f'not translated: {context}: {text}')
    for context, text in before.keys() - after.keys():
        print(f'nobody says it any more: {context}: {text}')
    return 1 if missing or before.keys() - after.keys() or len(after) < 500 else 0


sys.exit(main())
