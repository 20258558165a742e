#include "case/view_indicators.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace deadbox::case_file {
namespace {

bool is_digest(const std::string& text) { return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos; }

}  // namespace

base::Result<std::vector<SameContent>> files_with_content(const View& view, const std::vector<std::string>& digests, std::size_t most) {
    std::vector<SameContent> found;
    std::string list;
    for (const auto& digest : digests)
        if (is_digest(digest)) list += fmt::format("{}x'{}'", list.empty() ? "" : ",", digest);
    if (list.empty()) return found;
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT c.sha256, c.inode, p.path FROM content c LEFT JOIN inode_path p ON p.inode = c.inode WHERE c.sha256 IN ({}) ORDER BY c.inode, p.path LIMIT ?", list)));
    row.bind(1, static_cast<std::int64_t>(most));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return found;
        if (!found.empty() && found.back().inode == row.integer(1)) continue;  // another name of it
        found.push_back({base::to_hex(row.blob(0)), row.integer(1), std::string(row.text(2))});
    }
}

base::Result<ActorRecords> records_of_actor(const View& view, std::string_view value, std::int64_t most) {
    ActorRecords records;
    TRY_ASSIGN(Statement string, view.prepare("SELECT id FROM string WHERE value = ? AND shared = 1"));
    string.bind(1, value);
    TRY_ASSIGN(const bool known, string.step());
    if (!known) return records;
    const auto id = string.integer(0);
    for (const auto& [column, count] : {std::pair("user", &records.as_user), std::pair("address", &records.as_address)}) {
        TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT count(*) FROM (SELECT 1 FROM event WHERE {} = ?1 LIMIT ?2)", column)));
        row.bind(1, id).bind(2, most);
        TRY(row.step());
        *count = row.integer(0);
    }
    return records;
}

}  // namespace deadbox::case_file
