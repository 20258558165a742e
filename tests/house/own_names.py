#!/usr/bin/env python3
"""own_names.py SOURCE: what a file keeps in an unnamed namespace has a name that no other file of its folder has. The quick
build joins the files of a room, where two such names become one; and a reader who meets the same name for two things is lost."""
import collections
import pathlib
import re
import sys

SPACE = re.compile(r'^(?:inline )?namespace\s*([\w:]*)\s*\{\s*$')
TYPE = re.compile(r'^(?:class|struct|enum class|enum)\s+(\w+)')
CONSTANT = re.compile(r'^(?:const|constexpr|static)\b[^(=]*?\b(\w+)\s*(?:\[[^\]]*\])?\s*[={]')
FUNCTION = re.compile(r'^(?:static |inline |constexpr |\[\[\w+\]\] )*[\w:<>,&*\s]+?[\s&*](\w+)\(([^;]*)\)\s*(?:const\s*)?(?:noexcept\s*)?(\{.*)?$')


def types_of(parameters):
    """The parameters without their names and defaults."""
    return re.sub(r'\s+', ' ', re.sub(r'\b\w+(?=\s*(?:,|$))', '', re.sub(r'=[^,]*', '', parameters)))


def own_names(path):
    """(namespace around it, name, types of its parameters) of each definition in an unnamed namespace."""
    spaces, depth = [], 0
    for line in path.read_text(encoding='utf-8').splitlines():
        code = re.sub(r'//.*', '', line.rstrip())
        if opened := SPACE.match(code):
            spaces.append((opened.group(1), depth))
            depth += 1
            continue
        if depth == len(spaces) and any(not name for name, _ in spaces):
            around = '::'.join(name for name, _ in spaces if name)
            if found := TYPE.match(code) or CONSTANT.match(code):
                yield around, found.group(1), ''
            elif (found := FUNCTION.match(code)) and found.group(1) not in ('if', 'for', 'while', 'switch'):
                yield around, found.group(1), types_of(found.group(2))
        depth += code.count('{') - code.count('}')
        while spaces and depth <= spaces[-1][1]:
            spaces.pop()


root = pathlib.Path(sys.argv[1])
faults, files = [], 0
for folder in sorted({path.parent for room in ('src', 'plugins', 'gui') for path in (root / room).rglob('*.cpp')}):
    seen = collections.defaultdict(set)
    for path in sorted(folder.glob('*.cpp')):
        files += 1
        for name in own_names(path):
            seen[name].add(path.name)
    faults += [f'{folder.relative_to(root)}: {name} in {", ".join(sorted(where))}' for (_, name, _), where in sorted(seen.items()) if len(where) > 1]
print('\n'.join(faults) if faults else f'{files} files, each name of its own')
sys.exit(1 if faults else 0)
