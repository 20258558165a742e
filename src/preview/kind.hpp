// What deadbox-preview can make of a file. A process is started for one kind and does nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace deadbox::preview {

enum class Kind : std::uint8_t {
    picture,   // pixels
    media,     // what a picture's file says about itself
    archive,   // the names in it; nothing is taken out
    database,  // SQLite: tables, and rows of one of them
    journal,   // systemd's journal: entries
    elf,       // a program's shape
    markers,   // where the structures of a file or disk lie
};

std::string_view name_of(Kind kind);  // as on the command line
std::optional<Kind> kind_named(std::string_view name);

}  // namespace deadbox::preview
