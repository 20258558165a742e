// What a file is, told by its first bytes: never by its name. Names of types are libmagic's where it has one, so that
// they read like `file --mime-type`. Pure; no allocation; about a microsecond a file.
//
// Families that parsers ask for by glob:
//   application/x-executable (fixed or position-independent), x-sharedlib, x-object, x-coredump   ELF
//   text/x-shellscript x-perl x-python x-php x-ruby x-tcl x-awk x-lua x-node x-jsp x-asp ...      scripts, by #! or tags
//   text/html text/xml text/css text/javascript application/json message/rfc822 text/plain        text
//   text/x-private-key text/x-pem                                                                 keys and certificates
//   image/* audio/* video/* font/*
//   application/zip x-rar x-7z-compressed gzip x-bzip2 x-xz zstd x-tar x-iso9660-image ...        archives
//   application/x-disk-image                                                                      raw and virtual disks
//   application/octet-stream (nothing known), inode/x-empty
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace deadbox::content {

// `head` is the file's beginning (64 KiB tell all that is told here; less tells less), `size` the whole file's. The
// view names a string that lives as long as the program.
std::string_view detect_type(base::ByteView head, std::uint64_t size);

// True for every type whose bytes are text: text/*, scripts, JSON, SVG, mail.
bool is_text_type(std::string_view type);
// True for the types that an interpreter runs: text/x-shellscript, text/x-php, ...
bool is_script_type(std::string_view type);

}  // namespace deadbox::content
