#include "exfiltration/web_shells.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::size_t k_most = 5'000;

struct Shell {
    std::string finding, rule, path;
    std::int64_t system = 0;
    std::optional<std::int64_t> planted;
};
struct WebRoot {
    std::int64_t system = 0;
    std::string path, url;
};

}  // namespace

base::Result<std::vector<ShellUse>> uses_of_shells(const plugin::CaseReader& reader) {
    std::vector<Shell> shells;
    TRY(reader.query("SELECT id, rule, subject, ifnull(system, 0), first_s FROM finding WHERE rule GLOB 'webshell/*' AND severity >= 3 AND confidence >= 1 ORDER BY id", [&](const RowView& row) {
        shells.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.integer(3), row.maybe_integer(4)});
        return shells.size() < k_most ? Next::go_on : Next::stop;
    }));
    std::vector<ShellUse> uses;
    if (shells.empty()) return uses;
    std::vector<WebRoot> roots;
    TRY(reader.query("SELECT DISTINCT ifnull(system, 0), path, ifnull(url, '/') FROM web_root WHERE path LIKE '/_%' ORDER BY 1, 2, 3", [&](const RowView& row) {
        roots.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
        return roots.size() < k_most ? Next::go_on : Next::stop;
    }));
    for (const auto& shell : shells) {
        for (const auto& root : roots) {
            if (root.system != shell.system || !shell.path.starts_with(root.path + "/")) continue;
            const std::string asked = (root.url.ends_with('/') ? root.url.substr(0, root.url.size() - 1) : root.url) + shell.path.substr(root.path.size());
            const plugin::Value parameters[] = {std::string_view(asked), shell.system};
            TRY(reader.query("SELECT address, answered, bytes, largest, clients, first_s, last_s, line, inode FROM web_use WHERE path = ?1 AND kind = 'script' AND answered > 0 AND ifnull(system, 0) = ?2 "
                             "AND address IS NOT NULL ORDER BY first_s, id",
                             parameters, [&](const RowView& row) {
                                 ShellUse use;
                                 use.finding = shell.finding, use.path = shell.path, use.asked = asked, use.system = shell.system, use.planted = shell.planted, use.whole = shell.rule == "webshell/script";
                                 use.address = row.text(0), use.answered = row.integer(1), use.bytes = row.integer(2), use.largest = row.integer(3), use.clients = row.integer(4);
                                 use.first = row.integer(5), use.last = row.integer(6), use.line = row.integer(7), use.log = row.integer(8);
                                 uses.push_back(std::move(use));
                                 return uses.size() < k_most ? Next::go_on : Next::stop;
                             }));
        }
    }
    return uses;
}

}  // namespace deadbox::plugins::exfiltration
