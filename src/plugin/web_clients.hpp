// Who of those that asked for a planted script used it. What links to it brings crawlers, who looks for such files brings
// scanners: an answer alone makes nobody an intruder, and the longest one may be anybody's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deadbox::plugin {

// One address and what it asked of one path, all logs together (table web_client).
struct WebClient {
    std::string address, agent;
    std::int64_t posts = 0, answered = 0, without_referer = 0, largest = 0;
    std::int64_t first = 0;  // s
    bool used = false;       // made by ClientsOfPath::mark()
};

struct PlantedScript {
    bool whole = false;                   // the file is a shell and nothing else; else a page of the site that was changed
    std::optional<std::int64_t> planted;  // s, when the file came or was changed
};

inline constexpr std::int64_t k_clients_told_apart = 16;  // of one path, in one log

// The clients of one path, out of the rows of all logs.
class ClientsOfPath {
public:
    // Rows in the order of their first requests; `different`: addresses that the row's log has of the path.
    void add(const WebClient& of_one_log, std::int64_t different);
    // Marks whoever posted; whoever asked for it first and by its bare address; who came so again and again; who was given a file by it.
    // Programs that call themselves crawlers are marked for posting alone. Of a page of the site only who posted, where anybody did.
    // True where all the same it is a page that visitors ask for: then none of them may be accused.
    bool mark(const PlantedScript& script);
    const std::vector<WebClient>& all() const { return m_all; }  // each address once
    const WebClient& of(const std::string& address) const { return m_all[m_places.at(address)]; }  // that was added

private:
    std::vector<WebClient> m_all;
    std::map<std::string, std::size_t> m_places;
    bool m_more = false;  // more addresses asked for it than are told apart
};

}  // namespace deadbox::plugin
