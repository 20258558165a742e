// Which scripts and files of data were asked for, summed up: a log may have millions of lines, and what a detector asks is
// who used a script and who fetched an archive.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "weblog/layout.hpp"

namespace deadbox::plugins::weblog {

// settings: what servers and programs keep for themselves: dotfiles, configuration, keys, copies of scripts that an editor left.
// file: whatever else was answered at length.
enum class UseKind : std::uint8_t { none, script, data, settings, file };
// By the path's ending, or its last name; none of a page, a picture, ...
UseKind use_kind(std::string_view path);

// Who asked for one path. Of too many the least are let go: whoever came first, who posts and who was sent most stays, of the others who
// comes most often.
class Clients {
public:
    struct Client {
        std::string address;
        std::uint32_t hash = 0, agent = 0;  // agent: place in the log's list
        std::int64_t requests = 0, posts = 0, answered = 0, without_referer = 0, bytes = 0, largest = -1;
        base::Timestamp first, last;
        std::uint64_t line = 0;
    };
    // The one with this address, a new one where there is place for him or he weighs more than somebody who is kept; else none.
    // `posts`, `bytes`: of the request; `most`: of one path.
    Client* of(std::string_view address, bool posts, std::int64_t bytes, std::size_t most);
    const std::vector<Client>& kept() const { return m_kept; }
    bool dropped() const { return m_changes[0] + m_changes[1] > 0; }

private:
    std::size_t least(bool posts) const;
    std::vector<Client> m_kept;
    std::array<std::uint32_t, 2> m_changes{};  // of who is kept, by those who only read and by those who post: so many, and everybody does
};

class Uses {
public:
    void add(const Request& request, std::uint64_t line);
    void emit(plugin::Sink& sink) const;
    bool full() const { return m_full; }
    // Of scripts and settings, how many have clients that are not told apart.
    std::size_t with_dropped() const;

private:
    struct Use {
        UseKind kind = UseKind::none;
        std::int64_t requests = 0, posts = 0, answered = 0, without_referer = 0, bytes = 0, largest = -1;
        Clients clients;
        std::array<std::uint32_t, 16> different{};  // hashes of addresses that were answered
        std::uint8_t count = 0;                     // 17: more than those
        std::string address;
        std::uint32_t agent = 0;
        std::optional<base::Timestamp> first_answered;
        base::Timestamp first, last;
        std::uint64_t line = 0;
    };
    std::uint32_t agent(std::string_view text);
    std::map<std::pair<std::string, std::string>, Use> m_uses;  // by site and path
    std::map<std::string, std::uint32_t, std::less<>> m_agent_places;
    std::vector<std::string_view> m_agents{std::string_view()};  // the keys of m_agent_places
    std::size_t m_clients = 0;  // kept, of all paths
    bool m_full = false;
};

}  // namespace deadbox::plugins::weblog
