"""What a file system shows, one line a file, so that readers can be compared field by field.

    path inode mode uid gid links size a<time> m<time> c<time> b<time> rdev target sha256 attributes

Fields are separated by tabs. Path and target have control characters, DEL and the backslash as \\xNN and keep every other
byte; mode is octal with the type's bits; times are seconds.nanoseconds; rdev is major << 20 | minor in hexadecimal; sha256
is that of regular files; an attribute is name=hex; . A birth time that a file system does not keep is b0.000000000.

    manifest.py ls < LINES      of `deadbox ls --recursive --json CASE /`
    manifest.py mount FOLDER    of what the kernel shows there
    manifest.py compare A B     exit 1 where they differ
"""
import collections
import ctypes
import hashlib
import json
import os
import re
import stat
import struct
import sys

FIELDS = "path inode mode uid gid links size atime mtime ctime birth rdev target sha256 attributes".split()
TYPES = {"file": stat.S_IFREG, "directory": stat.S_IFDIR, "symlink": stat.S_IFLNK, "char": stat.S_IFCHR, "block": stat.S_IFBLK,
         "fifo": stat.S_IFIFO, "socket": stat.S_IFSOCK, "unknown": 0}


def shown(raw):
    return b"".join(b"\\x%02x" % c if c < 32 or c == 127 or c == 92 else bytes([c]) for c in raw)


def line(path, inode, mode, uid, gid, links, size, times, rdev, target, sha256, attributes):
    fields = [shown(path), b"%d" % inode, b"%o" % mode, b"%d" % uid, b"%d" % gid, b"%d" % links, b"%d" % size]
    fields += [letter + b"%d.%09d" % time for letter, time in zip((b"a", b"m", b"c", b"b"), times)]
    fields += [b"%x" % rdev, shown(target), sha256.encode()]
    fields.append(b"".join(shown(name) + b"=" + value.hex().encode() + b";" for name, value in sorted(attributes.items())))
    return b"\t".join(fields)


def time_of(text):
    """RFC 3339 with nine digits, years of any length, as (seconds, nanoseconds)."""
    if text is None:
        return 0, 0
    year, month, day, hour, minute, second, fraction = re.fullmatch(r"([+-]?\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d{9})Z", text).groups()
    y, m = int(year) - (int(month) <= 2), int(month)
    era, of_era = y // 400, y % 400
    day_of_year = (153 * (m + (-3 if m > 2 else 9)) + 2) // 5 + int(day) - 1
    days = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + day_of_year - 719468
    return days * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second), int(fraction)


def from_ls(lines, volume=None):
    """Lines of the live names of one volume; what is deleted is left out."""
    found = []
    for text in lines:
        entry = json.loads(text)
        if not entry["name_allocated"] or (volume is not None and entry["volume"] != volume):
            continue
        if entry["path"] is None:
            continue
        path = bytes.fromhex(entry["path_hex"]) if "path_hex" in entry else entry["path"].encode()
        target = bytes.fromhex(entry["target_hex"]) if "target_hex" in entry else (entry["target"] or "").encode()
        major, minor = (int(number) for number in (entry["rdev"] or "0:0").split(":"))
        times = [time_of(entry["times"][letter]) for letter in "amcb"]
        attributes = {name.encode(): bytes.fromhex(value) for name, value in entry["xattrs"].items()}
        found.append(line(path, int(entry["inode"]), TYPES[entry["type"]] | int(entry["mode"], 8), entry["uid"], entry["gid"], entry["links"],
                          int(entry["size"]), times, major << 20 | minor, target, entry["sha256"] or "", attributes))
    return found


LIBC = ctypes.CDLL(None, use_errno=True)


def statx(path):
    """size 8: mask, block size, attributes; then the fields that stat(2) lacks."""
    buffer = ctypes.create_string_buffer(256)
    if LIBC.statx(-100, path, 0x100, 0xFFF, buffer) != 0:  # AT_FDCWD, AT_SYMLINK_NOFOLLOW
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    raw = buffer.raw
    links, uid, gid, mode = struct.unpack_from("<IIIH", raw, 16)
    inode, size = struct.unpack_from("<QQ", raw, 32)
    times = [struct.unpack_from("<qI", raw, at) for at in (64, 112, 96, 80)]  # access, modification, change, birth
    major, minor = struct.unpack_from("<II", raw, 128)
    return inode, mode, uid, gid, links, size, times, major, minor


def digest_of(path):
    digest = hashlib.sha256()
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOATIME), "rb", buffering=0) as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        return "READERR:" + os.strerror(error.errno)
    return digest.hexdigest()


def from_mount(root, most_holes=8 << 30):
    """Holes of more than most_holes are not read, as the program does not hash such a file."""
    root = os.fsencode(root)
    found, todo = [], [b""]
    while todo:
        path = todo.pop()
        full = root + path
        inode, mode, uid, gid, links, size, times, major, minor = statx(full)
        device = stat.S_ISCHR(mode) or stat.S_ISBLK(mode)
        attributes = {}
        for name in os.listxattr(full, follow_symlinks=False):
            attributes[os.fsencode(name)] = os.getxattr(full, name, follow_symlinks=False)
        sha256 = ""
        if stat.S_ISREG(mode) and size - os.lstat(full).st_blocks * 512 <= most_holes:
            sha256 = digest_of(full)
        target = os.readlink(full) if stat.S_ISLNK(mode) else b""
        found.append(line(path or b"/", inode, mode, uid, gid, links, size, times, major << 20 | minor if device else 0, target, sha256, attributes))
        if stat.S_ISDIR(mode):
            todo += [path + b"/" + name for name in os.listdir(full)]
    return found


def compare(expected, found, ignored=()):
    """Differences in words, at most some of each kind."""
    def by_path(lines):
        table = collections.defaultdict(list)
        for text in lines:
            fields = text.split(b"\t")
            table[fields[0]].append(fields)
        return table
    left, right = by_path(expected), by_path(found)
    told = collections.defaultdict(list)
    for path in left.keys() - right.keys():
        told["missing"].append(path.decode(errors="backslashreplace")[:120])
    for path in right.keys() - left.keys():
        told["too many"].append(path.decode(errors="backslashreplace")[:120])
    for path in left.keys() & right.keys():
        if len(right[path]) > 1:
            told["twice"].append(path.decode(errors="backslashreplace")[:120])
        for name, one, other in zip(FIELDS, left[path][0], right[path][0]):
            if one != other and name not in ignored:
                told[name].append("%s: %s instead of %s" % tuple(b.decode(errors="backslashreplace")[:100] for b in (path, other, one)))
    return [f"{kind}: {len(all_of_it)}, as {'; '.join(sorted(all_of_it)[:3])}" for kind, all_of_it in sorted(told.items())]


def main(arguments):
    out = sys.stdout.buffer
    if arguments[:1] == ["ls"]:
        out.write(b"".join(text + b"\n" for text in sorted(from_ls(sys.stdin.buffer))))
    elif arguments[:1] == ["mount"] and len(arguments) == 2:
        out.write(b"".join(text + b"\n" for text in sorted(from_mount(arguments[1]))))
    elif arguments[:1] == ["compare"] and len(arguments) == 3:
        lines = [open(name, "rb").read().splitlines() for name in arguments[1:]]
        differences = compare(*lines)
        print("\n".join(differences) or f"identical: {len(lines[0])} files")
        return 1 if differences else 0
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
