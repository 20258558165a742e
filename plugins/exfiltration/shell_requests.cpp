#include "exfiltration/shell_requests.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/paths.hpp"
#include "base/percent.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::size_t k_most_addresses = 2'000, k_most_shell_requests = 20'000, k_most_parameters = 32;

// Proxies and careful callers encode what is encoded already.
std::string decoded(std::string_view text) {
    std::string out(text);
    for (int times = 0; times < 3; ++times) {
        std::replace(out.begin(), out.end(), '+', ' ');
        auto next = base::percent_decoded(out);
        if (next == out) break;
        // Of the last time a plus is one: a%2Bb is a+b.
        out = std::move(next);
        if (out.find('%') == std::string::npos) break;
    }
    return out;
}

std::string path_of(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos && !url.starts_with('/')) {
        const auto slash = url.find('/', scheme + 3);
        url = slash == std::string_view::npos ? std::string_view("/") : url.substr(slash);
    }
    return base::tidied_path(base::percent_decoded(url));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parameters_in(std::string_view url) {
    std::vector<std::pair<std::string, std::string>> all;
    const auto question = url.find('?');
    if (question == std::string_view::npos) return all;
    url = url.substr(question + 1);
    while (!url.empty() && all.size() < k_most_parameters) {
        const auto one = url.substr(0, url.find('&'));
        const auto equals = one.find('=');
        if (!one.empty()) all.emplace_back(decoded(one.substr(0, equals)), equals == std::string_view::npos ? std::string() : decoded(one.substr(equals + 1)));
        url.remove_prefix(std::min(one.size() + 1, url.size()));
    }
    return all;
}

base::Result<std::vector<ShellRequest>> requests_of_shells(const plugin::CaseReader& reader, const std::vector<ShellUse>& uses, plugin::FindingSink& sink) {
    std::vector<ShellRequest> all;
    std::map<std::string, std::map<std::pair<std::int64_t, std::string>, const ShellUse*>, std::less<>> by_address;
    for (const auto& use : uses)
        if (use.answered > 0 && !use.address.empty() && (by_address.size() < k_most_addresses || by_address.contains(use.address))) by_address[use.address].try_emplace({use.system, use.asked}, &use);
    std::string ids;
    for (const auto& [address, shells] : by_address) {
        const plugin::Value value[] = {std::string_view(address)};
        TRY(reader.query("SELECT id FROM string WHERE value = ? AND shared = 1", value, [&](const RowView& row) {
            ids += (ids.empty() ? "" : ",") + std::to_string(row.integer(0));
            return Next::stop;
        }));
    }
    if (ids.empty()) return all;
    TRY(reader.query("SELECT e.s, e.inode, e.line, a.value, json_extract(g.value, '$.url'), json_extract(g.value, '$.status'), (SELECT p.system FROM inode_path p WHERE p.inode = e.inode) FROM event e JOIN string a ON a.id = e.address "
                     "JOIN string g ON g.id = e.arguments WHERE e.kind = (SELECT id FROM kind WHERE type = 'web.request') AND e.address IN (" + ids + ") ORDER BY +e.s, +e.ns, +e.id",
                     [&](const RowView& row) {
                         const auto url = row.text(4);
                         if (row.integer(5) < 200 || row.integer(5) > 299 || url.find('?') == std::string_view::npos) return Next::go_on;
                         const auto shells = by_address.find(row.text(3));
                         if (shells == by_address.end()) return Next::go_on;
                         const auto use = shells->second.find({row.integer(6), path_of(url)});
                         if (use == shells->second.end()) return Next::go_on;
                         ShellRequest request{use->second, row.integer(0), row.integer(2), row.integer(1), parameters_in(url)};
                         all.push_back(std::move(request));
                         return all.size() < k_most_shell_requests ? Next::go_on : Next::stop;
                     }));
    if (by_address.size() >= k_most_addresses || all.size() >= k_most_shell_requests) sink.gap({base::Gap::Level::limit, "exfiltration", "more requests to webshells than are read for their commands", "", ""});
    return all;
}

}  // namespace deadbox::plugins::exfiltration
