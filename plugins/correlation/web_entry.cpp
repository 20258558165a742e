// The request that planted a file on a web site: one that sent something and was taken within seconds before the file was
// born. On a busy site such requests never cease; what makes one of them the one is told with it.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "correlation/ways_in.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::Confidence;
using plugin::RowView;

constexpr std::int64_t k_before = 30, k_after = 5;  // s: a server's line has the time at which the request began, or ended
constexpr std::int64_t k_around = 1800;             // s: what is usual on the site is counted from this long before to this long after
constexpr std::int64_t k_soon = 86400;              // s: whoever plants a script asks for it
constexpr std::size_t k_usual = 10;                 // others' requests that send something, in that hour: by chance one of them falls into the seconds above in one case of ten
constexpr std::int64_t k_few = 3;                   // addresses
constexpr std::size_t k_most_planted = 500, k_most_ways = 50;

// How sure it is that this request planted the file.
enum class Tie : std::uint8_t { put, same_address, only, busy };
constexpr std::array<std::string_view, 4> k_ties{"put", "same_address", "only", "busy"};

struct Way {
    Request request;
    base::Timestamp moment;
    Tie tie = Tie::busy;
    std::vector<const Planted*> files;
};

// One file and the requests that may have planted it.
struct Case {
    const Planted* file = nullptr;
    base::Timestamp moment;
    std::vector<Request> requests;
    std::size_t others = 0;  // requests that send something in the hour around, from other addresses
};

class WebWays {
public:
    WebWays(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Planted>& planted, Sites& sites) : m_reader(reader), m_sink(sink), m_planted(planted), m_sites(sites) {}

    base::Result<std::set<std::int64_t>> run() {
        if (m_planted.size() > k_most_planted) m_sink.gap({base::Gap::Level::limit, "correlation", "more planted files than are followed to the requests that planted them", "", ""});
        for (std::size_t i = 0; i < m_planted.size() && i < k_most_planted; ++i) TRY(gather(m_planted[i]));
        TRY(load_uses());
        for (const auto& one : m_cases) TRY(decide(one));
        std::set<std::int64_t> found;
        for (std::size_t i = 0; i < m_ways.size() && i < k_most_ways; ++i) {
            TRY(report(m_ways[i]));
            if (m_ways[i].tie != Tie::busy) found.insert(m_ways[i].files.front()->known->system);
        }
        return found;
    }

private:
    // Requests that send something and were taken, around this moment.
    base::Result<void> load(std::int64_t moment) {
        const auto from = moment - k_around, to = moment + k_around;
        if (from >= m_from && to <= m_to) return {};
        m_from = from, m_to = to + k_around;
        TRY_ASSIGN(m_requests, requests_between(m_reader, m_from, m_to));
        std::erase_if(m_requests, [](const Request& request) { return !request.sends(); });
        return {};
    }

    base::Result<void> gather(const Planted& file) {
        for (const auto& moment : file.moments) {
            TRY(load(moment.seconds));
            Case one{&file, moment, {}, 0};
            for (const auto& request : m_requests) {
                const auto lag = moment.seconds - request.time.seconds;
                if (lag > k_before || lag < -k_after || !request.taken() || (request.system != file.known->system && request.system != 0)) continue;
                TRY_ASSIGN(const bool here, m_sites.is_on_site(m_reader, request, file.places));
                if (!here) continue;
                // Through what was planted before, somebody who was in already came again.
                TRY_ASSIGN(const bool by_shell, goes_to_planted(request));
                if (!by_shell) one.requests.push_back(request);
            }
            if (one.requests.empty()) continue;
            for (const auto& request : m_requests) {
                const bool own = std::any_of(one.requests.begin(), one.requests.end(), [&](const Request& candidate) { return candidate.address == request.address; });
                one.others += !own && std::abs(request.time.seconds - moment.seconds) <= k_around;
            }
            m_cases.push_back(std::move(one));
            return {};
        }
        return {};
    }

    base::Result<bool> goes_to_planted(const Request& request) {
        for (const auto& other : m_planted) {
            if (!other.new_file || other.moments.front().seconds > request.time.seconds) continue;
            TRY_ASSIGN(const bool asks, m_sites.asks_for(m_reader, request, other.places));
            if (asks) return true;
        }
        return false;
    }

    // Who of those addresses asked for which file, and when first.
    base::Result<void> load_uses() {
        std::set<std::string, std::less<>> addresses;
        for (const auto& one : m_cases)
            for (const auto& request : one.requests) addresses.insert(request.address);
        TRY_ASSIGN(const auto requests, requests_of(m_reader, addresses));
        for (const auto& one : m_cases) {
            for (const auto& request : requests) {
                if (request.time.seconds < one.moment.seconds || request.time.seconds > one.moment.seconds + k_soon) continue;
                TRY_ASSIGN(const bool asks, m_sites.asks_for(m_reader, request, one.file->places));
                if (asks) m_uses.emplace(std::pair(one.file, request.address), request.time);
            }
        }
        return {};
    }

    // Hardly anybody asks for what it asks for. Of a busy log the usual requests are no events: that a script is rare there, its
    // summary tells; of other handlers nothing does.
    base::Result<bool> is_rare(const Request& request, base::Timestamp moment) {
        std::optional<std::int64_t> clients;
        bool busy = false;
        const plugin::Value use[] = {std::string_view(request.path), request.system};
        TRY(m_reader.query("SELECT clients FROM web_use WHERE path = ?1 AND (ifnull(system, 0) = ?2 OR ?2 = 0)", use, [&](const RowView& row) {
            clients = std::max(clients.value_or(0), row.integer(0));
            return Next::go_on;
        }));
        if (clients) return *clients <= k_few;
        const plugin::Value stretch[] = {moment.seconds - 2 * k_around, moment.seconds + 2 * k_around};
        TRY(m_reader.query("SELECT 1 FROM event e WHERE e.s BETWEEN ? AND ? AND e.kind = (SELECT id FROM kind WHERE type = 'web.traffic') LIMIT 1", stretch, [&](const RowView&) {
            busy = true;
            return Next::stop;
        }));
        return !busy;
    }

    base::Result<void> decide(const Case& one) {
        // The last one before it; the first one after it where there is none.
        const auto nearer = [&](const Request& a, const Request& b) {
            const auto rank = [&](const Request& request) {
                const auto lag = one.moment.seconds - request.time.seconds;
                return std::pair(lag < 0, std::abs(lag));
            };
            return rank(a) < rank(b);
        };
        std::vector<const Request*> puts, users;
        std::set<std::pair<std::string, std::string>> distinct;
        std::set<std::string> by;
        for (const auto& request : one.requests) {
            distinct.insert({request.address, request.path});
            const bool put = request.method == "PUT" && std::any_of(one.file->places.begin(), one.file->places.end(), [&](const auto& place) { return place.path == request.path; });
            if (put) puts.push_back(&request);
            if (m_uses.contains({one.file, request.address})) users.push_back(&request), by.insert(request.address);
        }
        const auto nearest = [&](const std::vector<const Request*>& list) { return *std::min_element(list.begin(), list.end(), [&](const auto* a, const auto* b) { return nearer(*a, *b); }); };
        Way way;
        way.moment = one.moment;
        if (!puts.empty()) way.request = *nearest(puts), way.tie = Tie::put;
        else if (!users.empty()) way.request = *nearest(users), way.tie = by.size() == 1 ? Tie::same_address : Tie::busy;
        else {
            way.request = *std::min_element(one.requests.begin(), one.requests.end(), nearer);
            TRY_ASSIGN(const bool rare, is_rare(way.request, one.moment));
            if (distinct.size() == 1 && one.others <= k_usual && rare) way.tie = Tie::only;
        }
        const auto known = std::find_if(m_ways.begin(), m_ways.end(), [&](const Way& other) {
            return other.request.address == way.request.address && other.request.path == way.request.path && other.files.front()->known->system == one.file->known->system;
        });
        if (known != m_ways.end()) {
            known->files.push_back(one.file);
            known->tie = std::min(known->tie, way.tie);
            return {};
        }
        way.files = {one.file};
        m_ways.push_back(std::move(way));
        return {};
    }

    base::Result<void> report(const Way& way) {
        const auto& file = *way.files.front();
        plugin::FindingHead head;
        head.rule = "correlation/web_entry";
        if (file.known->system != 0) head.system = file.known->system;
        head.subject = file.path;
        if (way.tie == Tie::busy) head.confidence = Confidence::possible;
        const auto lag = way.moment.seconds - way.request.time.seconds;
        head.arguments = {{"path", file.path}, {"address", way.request.address}, {"request", way.request.method + " " + way.request.path}, {"time", base::to_rfc3339(way.request.time)},
                          {"status", std::to_string(way.request.status)}, {"tie", std::string(k_ties[static_cast<std::size_t>(way.tie)])}};
        head.arguments.emplace_back(lag >= 0 ? "after" : "within", how_long(std::abs(lag)));
        if (way.files.size() > 1) head.arguments.emplace_back("count", std::to_string(way.files.size()));
        if (const auto use = m_uses.find({&file, way.request.address}); use != m_uses.end()) head.arguments.emplace_back("used", how_long(use->second.seconds - way.moment.seconds));
        head.arguments.emplace_back("rests_on", file.known->id);
        head.first = way.request.time, head.last = way.files.back()->moments.front(), head.basis = plugin::TimeBasis::log;
        if (*head.last < *head.first) head.last = head.first;
        m_sink.finding(head);
        TRY_ASSIGN(const auto item, item_of(m_reader, way.request));
        m_sink.item(item);
        for (std::size_t i = 0; i < way.files.size() && i < 100; ++i) TRY(cite(m_reader, m_sink, *way.files[i]->known));
        return {};
    }

    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
    const std::vector<Planted>& m_planted;
    Sites& m_sites;
    std::int64_t m_from = 0, m_to = -1;
    std::vector<Request> m_requests;
    std::vector<Case> m_cases;
    std::map<std::pair<const Planted*, std::string>, base::Timestamp> m_uses;
    std::vector<Way> m_ways;
};

}  // namespace

base::Result<std::set<std::int64_t>> find_web_entries(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Planted>& planted, Sites& sites) {
    return WebWays(reader, sink, planted, sites).run();
}

}  // namespace deadbox::plugins::correlation
