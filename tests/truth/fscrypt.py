"""Encrypted folders as the kernel makes them (fscrypt), without the user's tools.

    fscrypt.py FOLDER [FILES]     on a file system with the feature `encrypt`: folders with policies of version 1 and 2, and so many
                                  files in each
"""
import ctypes
import fcntl
import os
import struct
import sys

ADD_KEY, SET_POLICY = 0xC0506617, 0x800C6613  # FS_IOC_ADD_ENCRYPTION_KEY, FS_IOC_SET_ENCRYPTION_POLICY
AES_256_XTS, AES_256_CTS, PAD_32 = 1, 4, 3


def add_key(folder, key):
    """Gives the identifier that a policy of version 2 names."""
    specifier = struct.pack("<II32s", 2, 0, b"")
    argument = bytearray(specifier + struct.pack("<II32x", len(key), 0) + key)
    fcntl.ioctl(folder, ADD_KEY, argument)
    return bytes(argument[8:24])


def add_key_v1(key, descriptor):
    """Version 1 takes its key from the keyring: struct fscrypt_key {mode, 64 bytes, size}."""
    payload = struct.pack("<I64sI", 0, key, len(key))
    libc = ctypes.CDLL(None, use_errno=True)
    number = libc.syscall(248, b"logon", b"fscrypt:" + descriptor.hex().encode(), payload, len(payload), -4)  # add_key, user's keyring
    if number < 0:
        raise OSError(ctypes.get_errno(), "add_key")
    return lambda: libc.syscall(250, 9, number, -4, 0, 0)  # keyctl, unlink: a later mount shall not have it


def encrypted_folder(path, policy):
    os.mkdir(path)
    folder = os.open(path, os.O_RDONLY)
    fcntl.ioctl(folder, SET_POLICY, bytearray(policy))
    os.close(folder)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 120):
        with open(f"{path}/a secret name {number} {'x' * (number % 90)}", "wb") as file:
            file.write(b"secret content %d\n" % number * number)
    with open(f"{path}/{'l' * 230}", "wb") as file:
        file.write(b"under a long name")
    os.symlink("a secret name 1", f"{path}/link")
    os.symlink("t" * 400, f"{path}/long link")
    os.makedirs(f"{path}/below/further")
    with open(f"{path}/below/further/file", "wb") as file:
        file.write(b"content " * 500)


def main():
    root = os.open(sys.argv[1], os.O_RDONLY)
    os.chdir(sys.argv[1])
    key = bytes(range(64))
    identifier = add_key(root, key)
    encrypted_folder("vault2", struct.pack("<BBBB4x16s", 2, AES_256_XTS, AES_256_CTS, PAD_32, identifier))
    try:
        forget = add_key_v1(key, b"deadbox1")
        encrypted_folder("vault1", struct.pack("<BBBB8s", 0, AES_256_XTS, AES_256_CTS, PAD_32, b"deadbox1"))
        os.sync()
        forget()
    except OSError as error:
        print(f"no folder with a policy of version 1: {error}")
    os.sync()


main()
