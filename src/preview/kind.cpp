#include "preview/kind.hpp"

#include <array>

namespace deadbox::preview {
namespace {

constexpr std::array<std::string_view, 7> k_names{"picture", "media", "archive", "database", "journal", "elf", "markers"};

}  // namespace

std::string_view name_of(Kind kind) { return k_names[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_named(std::string_view name) {
    for (std::size_t place = 0; place < k_names.size(); ++place)
        if (k_names[place] == name) return static_cast<Kind>(place);
    return {};
}

}  // namespace deadbox::preview
