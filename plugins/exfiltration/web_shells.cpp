#include "exfiltration/web_shells.hpp"

#include <algorithm>

#include "plugin/web_clients.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::size_t k_most = 5'000, k_most_uses = 50'000;

struct Shell {
    std::string finding, rule, path;
    std::int64_t system = 0;
    std::optional<std::int64_t> planted;
};
struct WebRoot {
    std::int64_t system = 0;
    std::string path, url;
};

// What was asked of one path of a shell, in all logs.
class OfOnePath {
public:
    OfOnePath(const Shell& shell, std::string asked) : m_shell(shell), m_asked(std::move(asked)) {}

    base::Result<void> load(const plugin::CaseReader& reader) {
        const plugin::Value parameters[] = {std::string_view(m_asked), m_shell.system};
        return reader.query("SELECT c.address, c.answered, c.bytes, c.largest, c.first_s, c.last_s, c.line, u.inode, u.answered - 1, u.bytes - c.largest, u.clients, c.agent, c.posts, c.without_referer FROM web_use u "
                            "JOIN web_client c ON c.inode = u.inode AND c.use = u.number WHERE u.path = ?1 AND u.kind = 'script' AND ifnull(u.system, 0) = ?2 ORDER BY c.first_s, c.first_ns, c.id",
                            parameters, [&](const RowView& row) {
                                see(row);
                                return m_uses.size() < k_most ? Next::go_on : Next::stop;
                            });
    }

    bool cut() const { return m_uses.size() >= k_most; }
    std::vector<ShellUse> take() {
        const bool of_the_site = m_clients.mark({m_shell.rule == "webshell/script", m_shell.planted});
        for (auto& use : m_uses) use.used = m_clients.of(use.address).used, use.of_the_site = of_the_site;
        std::erase_if(m_uses, [](const ShellUse& use) { return use.answered == 0; });
        return std::move(m_uses);
    }

private:
    void see(const RowView& row) {
        ShellUse use;
        use.finding = m_shell.finding, use.path = m_shell.path, use.asked = m_asked, use.system = m_shell.system, use.planted = m_shell.planted, use.whole = m_shell.rule == "webshell/script";
        use.address = row.text(0), use.agent = row.text(11), use.answered = row.integer(1), use.bytes = row.integer(2), use.largest = row.integer(3);
        use.first = row.integer(4), use.last = row.integer(5), use.line = row.integer(6), use.log = row.integer(7), use.others = row.integer(8), use.others_bytes = row.integer(9);
        m_clients.add({use.address, use.agent, row.integer(12), use.answered, row.integer(13), use.largest, use.first, false}, row.integer(10));
        m_uses.push_back(std::move(use));
    }

    const Shell& m_shell;
    std::string m_asked;
    std::vector<ShellUse> m_uses;
    plugin::ClientsOfPath m_clients;
};

}  // namespace

base::Result<std::vector<ShellUse>> uses_of_shells(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    std::vector<Shell> shells;
    TRY(reader.query("SELECT id, rule, subject, ifnull(system, 0), first_s FROM finding WHERE rule GLOB 'webshell/*' AND severity >= 3 AND confidence >= 1 ORDER BY severity DESC, confidence DESC, id", [&](const RowView& row) {
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
    bool cut = shells.size() >= k_most || roots.size() >= k_most;
    for (const auto& shell : shells) {
        for (const auto& root : roots) {
            if (root.system != shell.system || !shell.path.starts_with(root.path + "/")) continue;
            OfOnePath asked(shell, (root.url.ends_with('/') ? root.url.substr(0, root.url.size() - 1) : root.url) + shell.path.substr(root.path.size()));
            TRY(asked.load(reader));
            cut |= asked.cut();
            for (auto& use : asked.take()) {
                if (uses.size() < k_most_uses) uses.push_back(std::move(use));
                else cut = true;
            }
        }
    }
    if (cut) sink.gap({base::Gap::Level::gap, "exfiltration", "more webshells and requests to them than are followed", "", ""});
    return uses;
}

}  // namespace deadbox::plugins::exfiltration
