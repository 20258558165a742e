"""Fills a mounted file system with one of everything that a reader could get wrong; what the file system cannot hold is left out.

    fill.py FOLDER [FILES [BYTES]]

FILES: in the largest folder; BYTES: of extended attributes of one file, at most (`mke2fs -d` copies only what fits into a block,
links too).
"""
import os
import socket
import struct
import sys


class Noise:
    """Bytes that do not compress and are the same in every run."""
    def __init__(self, seed):
        self.state = seed

    def bytes(self, count):
        words = []
        for _ in range((count + 7) // 8):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
            words.append(self.state)
        return struct.pack(f"<{len(words)}Q", *words)[:count]


def attempt(action, *arguments, **named):
    try:
        return action(*arguments, **named)
    except (OSError, ValueError):
        return None


def write(path, content, offset=None):
    with open(path, "r+b" if offset is not None and os.path.exists(path) else "wb") as file:
        file.seek(offset or 0)
        file.write(content)


def contents(noise, most_bytes):
    for size in (0, 1, 59, 60, 61, 100, 159, 160, 161, 1000, 1023, 1024, 1025, 4095, 4096, 4097, 65536, 300_000):
        write(f"size{size}", noise.bytes(size))
    attempt(write, "large", noise.bytes(3_000_000))
    os.truncate(os.open("all_hole", os.O_CREAT | os.O_RDWR), 10 << 20)
    for block in (0, 3, 7, 11, 12, 13, 200, 267, 268, 269, 1000, 1036, 70000):
        attempt(write, "islands", noise.bytes(1000), block * 1024 + 24)
    attempt(write, "far", b"end", 200 << 20)
    if most_bytes > 9 << 30:
        attempt(write, "very_far", b"end", 9 << 30)
    with open("reserved", "wb") as file:
        if attempt(os.posix_fallocate, file.fileno(), 0, 1 << 20) is None:
            file.seek(300_000)
            file.write(b"within")
    # Two files that grow by turns lie in many pieces.
    with open("fragments_a", "wb", 0) as one, open("fragments_b", "wb", 0) as other:
        for _ in range(200):
            for file in (one, other):
                file.write(noise.bytes(4096))
                os.fsync(file.fileno())


def names(longest_link):
    for name in ("日本語ファイル".encode(), "😀.txt".encode(), b"bad\xff\xfename", b"new\nline", b"back\\slash", b"tab\there", b"n" * 255,
                 b"\xc0\xaf", b" leading", b"trailing ", b"-dash", b"...", b"\xff" * 255, b"DEL\x7f", b"a" * 252 + "日".encode()):
        attempt(write, name, b"named")
    for length in (1, 30, 58, 59, 60, 61, 100, 1000, 1023, 1024, 4000):
        if length > longest_link:
            break
        attempt(os.symlink, ("t" * 200 + "/") * (length // 201) + "t" * (length % 201), f"link{length}")
    attempt(os.symlink, b"raw\xff\xfe\n", b"link_raw")
    os.makedirs("hard")
    write("hard/first", b"linked")
    for number in range(300):
        attempt(os.link, "hard/first", f"hard/{number}")
    os.mkfifo("fifo")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("socket")
    listener.close()
    for name, mode, major, minor in (("null", 0o20644, 1, 3), ("large_block", 0o60640, 259, 70000), ("largest", 0o60644, 4095, 1048575),
                                     ("major255", 0o20600, 255, 255), ("minor256", 0o20600, 0, 256)):
        attempt(os.mknod, name, mode, os.makedev(major, minor))


def owners_and_times():
    for number, (mode, uid, gid) in enumerate(((0o6755, 0, 0), (0o1777, 1000, 1001), (0o000, 65535, 65536), (0o7777, 3_000_000_000, 4_000_000_000))):
        write(f"owned{number}", b"x")
        attempt(os.chown, f"owned{number}", uid, gid)
        os.chmod(f"owned{number}", mode)
    moments = {"1901": (-2147483648, 0), "1905": (-2051222400, 500_000_000), "1969": (-1, 123456789), "1970": (0, 1), "2024": (1714979289, 987654321),
               "2038": (2147483647, 999999999), "2038next": (2147483648, 0), "2106": (4294967296, 1), "2242": (8589934592, 3), "2400": (13569465600, 250000000)}
    for name, (seconds, nanoseconds) in moments.items():
        write("time" + name, b"x")
        attempt(os.utime, "time" + name, ns=(seconds * 10**9 + nanoseconds, seconds * 10**9 + nanoseconds + 7))
        attempt(os.symlink, "x", "timelink" + name)
        attempt(os.utime, "timelink" + name, ns=(seconds * 10**9, seconds * 10**9), follow_symlinks=False)


def attributes(noise, most):
    if most < 500:
        return
    entry = struct.Struct("<HHI")
    def access_list(*entries):
        return struct.pack("<I", 2) + b"".join(entry.pack(*one) for one in entries)
    rules = access_list((1, 6, 0xffffffff), (2, 6, 1000), (2, 4, 70000), (4, 4, 0xffffffff), (8, 4, 33), (16, 6, 0xffffffff), (32, 4, 0xffffffff))
    write("attributes", b"x")
    os.makedirs("attributes_folder")
    for name, value in (("user.a", b"hello"), ("user.empty", b""), ("trusted.t", b"\0\1\xff"), ("security.selinux", b"system_u:object_r:etc_t:s0\0"),
                        ("user.name_that_is_long_" + "n" * 200, b"v"), ("user.large", b"q" * 700), ("system.posix_acl_access", rules)):
        if len(value) < most // 2:
            attempt(os.setxattr, "attributes", name, value)
    attempt(os.setxattr, "attributes_folder", "system.posix_acl_default", rules)
    attempt(os.setxattr, "attributes_folder", "user.folder", b"f")
    write("capable", b"x")
    attempt(os.setxattr, "capable", "security.capability", struct.pack("<IIIII", 0x02000001, 0x400, 0, 0, 0))
    write("many_attributes", b"x")
    for number in range(min(40, most // 100)):
        attempt(os.setxattr, "many_attributes", f"user.k{number}", b"v" * 60)
    for size in (200, 2000, 4000, 20000, 60000):
        if size > most // 2:
            break
        write(f"attribute{size}", b"x")
        attempt(os.setxattr, f"attribute{size}", "user.large", noise.bytes(size))
        write(f"attribute{size}_shared", b"y")
        attempt(os.setxattr, f"attribute{size}_shared", "user.large", b"shared" * (size // 6))
        write(f"attribute{size}_shared_too", b"z")
        attempt(os.setxattr, f"attribute{size}_shared_too", "user.large", b"shared" * (size // 6))


def folders(files):
    for count in (0, 1, 3, 10, 40, 300):
        os.makedirs(f"folder{count}")
        for number in range(count):
            write(f"folder{count}/a_name_of_some_length_{number}", b"")
    os.makedirs("/".join(["deep"] + [f"level{number}" for number in range(60)]))
    os.makedirs("many")
    for number in range(files):
        attempt(write, f"many/entry_{number:06d}_{number * 7919 % 1000003:x}", (b"%d " % number) * (number * 37 % 700))
    os.makedirs("thinned")
    for number in range(600):
        write(f"thinned/{'x' * 100}{number}", b"")
    for number in range(0, 600, 3):
        os.unlink(f"thinned/{'x' * 100}{number}")
    write("removed", b"removed content " * 5000)
    os.sync()
    os.unlink("removed")


def main():
    os.chdir(sys.argv[1])
    os.umask(0o022)
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 20
    noise = Noise(7)
    contents(noise, 1 << 40 if most > 4096 else 1 << 30)
    names(4096 if most > 4096 else 1000)
    owners_and_times()
    attributes(noise, most)
    folders(int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
    os.sync()


main()
