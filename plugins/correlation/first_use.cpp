// Who asked for a planted script first: the summaries of the access logs have when, the request of that second has who.
#include <algorithm>

#include "correlation/ways_in.hpp"
#include "plugin/topic.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_few_requests = 3, k_many = 16;  // addresses: what more ask for is a page of the site
constexpr std::size_t k_most_uses = 100;
constexpr std::int64_t k_soon_after = 86400;  // s
constexpr std::int64_t k_slack = 5;         // s: the line may have the time at which the request that wrote the file began
constexpr std::string_view k_scripts[] = {"webshell/script"};

struct Use {
    std::int64_t requests = 0, posts = 0, clients = 0, line = 0;
    std::optional<base::Timestamp> first, last;
    std::optional<std::int64_t> log;
    std::string address;  // whose request was the first
};

base::Result<Use> use_of(const plugin::CaseReader& reader, const Planted& file) {
    Use use;
    for (std::size_t i = 0; i < file.places.size(); ++i) {
        const bool again = std::any_of(file.places.begin(), file.places.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& other) { return other.path == file.places[i].path; });
        if (again) continue;
        const plugin::Value parameters[] = {std::string_view(file.places[i].path), file.known->system};
        TRY(reader.query("SELECT u.requests, u.posts, u.answered, u.clients, c.address, u.first_s, u.first_ns, u.last_s, u.last_ns, c.line, u.inode FROM web_use u LEFT JOIN web_client c ON c.id = (SELECT o.id FROM web_client o "
                         "WHERE o.inode = u.inode AND o.use = u.number ORDER BY o.first_s, o.first_ns, o.id LIMIT 1) WHERE u.path = ?1 AND ifnull(u.system, 0) = ?2 AND u.kind = 'script' ORDER BY u.first_s, u.id", parameters, [&](const RowView& row) {
            if (row.integer(1) == 0 && row.integer(2) == 0) return Next::go_on;
            const base::Timestamp first{row.integer(5), static_cast<std::uint32_t>(row.integer(6))}, last{row.integer(7), static_cast<std::uint32_t>(row.integer(8))};
            use.requests += row.integer(0), use.posts += row.integer(1), use.clients = std::max(use.clients, row.integer(3));
            if (!use.first || first < *use.first) use.first = first, use.address = row.text(4), use.line = row.integer(9), use.log = row.maybe_integer(10);
            use.last = use.last ? std::max(*use.last, last) : last;
            return Next::go_on;
        }));
    }
    return use;
}

// The first one for it in the seconds [from, to].
base::Result<std::optional<Request>> first_request(const plugin::CaseReader& reader, const Planted& file, std::int64_t from, std::int64_t to, Sites& sites, bool with_put) {
    TRY_ASSIGN(auto requests, requests_between(reader, from, to));
    for (auto& request : requests) {
        if ((request.system != file.known->system && request.system != 0) || (!with_put && request.method == "PUT")) continue;
        TRY_ASSIGN(const bool asks, sites.asks_for(reader, request, file.places));
        if (asks) return std::optional(std::move(request));
    }
    return std::nullopt;
}

// Asked for before the file system has it, by hardly anybody, and not written since: a copy of the site that was moved or restored,
// of which only the time of the content is the old one.
bool is_restored(const Planted& file, const Use& use) {
    return file.new_file && file.modified && file.modified->seconds <= use.first->seconds + k_slack && use.clients <= k_few_requests;
}

base::Result<void> report(const plugin::CaseReader& reader, plugin::FindingSink& sink, const Planted& file, const Use& use, const std::optional<Request>& request) {
    const auto& address = request ? request->address : use.address;
    plugin::FindingHead head;
    head.rule = "correlation/webshell_used";
    if (file.known->system != 0) head.system = file.known->system;
    head.subject = file.path;
    if (use.clients > k_few_requests) head.confidence = plugin::Confidence::possible;
    head.arguments = {{"path", file.path}, {"address", address}, {"time", base::to_rfc3339(*use.first)}};
    if (use.first->seconds + k_slack < file.moments.front().seconds) head.arguments.emplace_back("restored", base::to_rfc3339(file.moments.front()));
    else head.arguments.emplace_back("after", how_long(std::max<std::int64_t>(use.first->seconds - file.moments.front().seconds, 0)));
    if (request) head.arguments.emplace_back("method", request->method);
    if (use.requests > 1) head.arguments.emplace_back("count", std::to_string(use.requests));
    if (use.clients > 1) head.arguments.emplace_back("clients", std::to_string(use.clients));
    head.arguments.emplace_back("rests_on", file.known->id);
    head.first = use.first, head.last = use.last, head.basis = plugin::TimeBasis::log;
    sink.finding(head);
    if (request) {
        TRY_ASSIGN(const auto item, item_of(reader, *request));
        sink.item(item);
    } else {
        plugin::Item item;
        item.inode = use.log, item.key = address, item.kind = plugin::KeyKind::client;
        if (use.line > 0) item.line = static_cast<std::uint64_t>(use.line);
        sink.item(item);
    }
    return cite(reader, sink, *file.known);
}

}  // namespace

base::Result<void> find_first_uses(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Planted>& planted, Sites& sites) {
    if (plugin::find_table("web_use") == nullptr) return {};
    std::size_t told = 0;
    for (const auto& file : planted) {
        if (!is_one_of(*file.known, k_scripts)) continue;
        TRY_ASSIGN(auto use, use_of(reader, file));
        // What was asked for before it was there is a page of the site that was changed: most requests are visitors'.
        if (!use.first || use.clients > k_many || (use.first->seconds + k_slack < file.moments.front().seconds && !is_restored(file, use))) continue;
        TRY_ASSIGN(auto request, first_request(reader, file, use.first->seconds, use.first->seconds, sites, true));
        // Who puts the file there does not use it yet.
        if (request && request->method == "PUT") {
            TRY_ASSIGN(request, first_request(reader, file, use.first->seconds, std::min(use.last->seconds, use.first->seconds + k_soon_after), sites, false));
            if (!request) continue;
            use.first = request->time;
        }
        if (++told > k_most_uses) {
            sink.gap({base::Gap::Level::limit, "correlation", "more planted scripts were used than are listed", "", ""});
            return {};
        }
        TRY(report(reader, sink, file, use, request));
    }
    return {};
}

}  // namespace deadbox::plugins::correlation
