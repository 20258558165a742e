// FAT, exFAT, NTFS, HFS+, ISO 9660 and UFS through The Sleuth Kit (libtsk), over our own bytes and with the type named:
// libtsk never guesses. Times without a zone (FAT) are taken as UTC, which the ledger says.
#pragma once

#include "image/filesystem.hpp"

namespace deadbox::image {

const FileSystemFormat& ntfs_format();
const FileSystemFormat& exfat_format();
const FileSystemFormat& fat_format();
const FileSystemFormat& hfs_format();
const FileSystemFormat& iso9660_format();
const FileSystemFormat& ufs_format();

}  // namespace deadbox::image
