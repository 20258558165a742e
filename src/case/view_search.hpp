// Looking a text up everywhere at once, bounded: for a box in which a person types.
#pragma once

#include <string>
#include <vector>

#include "case/view.hpp"

namespace deadbox::case_file {

struct SearchHit {
    enum class Kind : std::uint8_t { name, fact, user, address } kind = Kind::name;
    std::string text;         // path of the name; the fact's first columns; the user or address: raw bytes
    std::string table;        // of a fact
    std::int64_t id = 0;      // inode of a name, row of a fact
};
// At most `most` hits of each kind; ASCII letters match in either case. Secret columns are not searched.
base::Result<std::vector<SearchHit>> find_names(const View& view, std::string_view text, std::size_t most);
base::Result<std::vector<SearchHit>> find_facts(const View& view, std::string_view text, std::size_t most);
// Users and addresses of events.
base::Result<std::vector<SearchHit>> find_actors(const View& view, std::string_view text, std::size_t most);

}  // namespace deadbox::case_file
