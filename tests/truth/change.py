"""Changes a mounted file system so that its journal has something to tell when it is cut off: names removed and blocks given to
others (revoke records), renames, a block that begins like the journal's own, a file that was synced last.

    change.py FOLDER (before | after)
"""
import os
import sys


def sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def write(path, content, synced):
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        if synced:
            os.fsync(file.fileno())


def before():
    os.mkdir("old")
    for number in range(300):
        write(f"old/f{number}", b"old" * number, False)
    os.sync()


def after():
    for number in range(0, 300, 3):
        os.unlink(f"old/f{number}")
    for turn in range(4):
        os.mkdir(f"gone{turn}")
        for number in range(200):
            write(f"gone{turn}/{'x' * 100}{number}", b"", False)
        sync(f"gone{turn}")
        for number in range(200):
            os.unlink(f"gone{turn}/{'x' * 100}{number}")
        os.rmdir(f"gone{turn}")
        sync(".")
    os.mkdir("new")
    for number in range(600):
        write(f"new/file{number}", bytes([number % 251]) * (number * 13 % 9000), number % 50 == 0)
        if number % 100 == 0:
            os.setxattr(f"new/file{number}", "user.k", b"v" * 100)
    os.rename("old/f1", "new/renamed")
    os.symlink("x" * 200, "new/link")
    write("new/magic", b"\xc0\x3b\x39\x98" * 4096, True)
    with open("old/f200", "r+b") as file:
        file.truncate(100)
        os.fsync(file.fileno())
    write("new/last", b"last", True)


os.chdir(sys.argv[1])
before() if sys.argv[2] == "before" else after()
