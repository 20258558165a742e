#!/usr/bin/env python3
"""Compares every #include with the table of rooms in src/rooms.cmake. includes.py SOURCE_FOLDER"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
rooms = {}
for name, uses in re.findall(r'^\s*"([a-z]+):([a-z ]*)"', (root / "src/rooms.cmake").read_text(), re.M):
    rooms[name] = {name, *uses.split()}
topics = {folder.name for folder in (root / "plugins").iterdir() if folder.is_dir()}
faults = []
for folder, room_of in ((root / "src", lambda p: p.relative_to(root / "src").parts[0]), (root / "plugins", lambda p: "plugins"), (root / "gui", lambda p: "preview" if p.relative_to(root / "gui").parts[0] == "preview" else "gui")):
    for path in sorted(folder.rglob("*.[ch]pp")):
        room = room_of(path)
        if room not in rooms:
            faults.append(f"{path.relative_to(root)}: {room} is no room")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'\s*#include "([a-z_]+)/', line)
            if not found:
                continue
            used = found.group(1)
            if room == "plugins" and used in topics:
                if used != path.relative_to(folder).parts[0]:
                    faults.append(f"{path.relative_to(root)}:{number}: one topic includes another: {used}")
            elif used not in rooms[room]:
                faults.append(f"{path.relative_to(root)}:{number}: {room} may not use {used}")
print("\n".join(faults) if faults else "every include keeps to src/rooms.cmake")
sys.exit(1 if faults else 0)
