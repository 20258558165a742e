// Which scripts and files of data were asked for, summed up: a log may have millions of lines, and what a detector asks is
// who used a script and who fetched an archive.
#pragma once

#include <map>
#include <set>
#include <string>

#include "weblog/layout.hpp"

namespace deadbox::plugins::weblog {

// settings: what servers and programs keep for themselves: dotfiles, configuration, keys, copies of scripts that an editor left.
// file: whatever else was answered at length.
enum class UseKind : std::uint8_t { none, script, data, settings, file };
// By the path's ending, or its last name; none of a page, a picture, ...
UseKind use_kind(std::string_view path);

class Uses {
public:
    void add(const Request& request, std::uint64_t line);
    void emit(plugin::Sink& sink) const;
    bool full() const { return m_full; }

private:
    struct Use {
        UseKind kind = UseKind::none;
        std::int64_t requests = 0, posts = 0, answered = 0, without_referer = 0, bytes = 0, largest = -1;
        std::set<std::string, std::less<>> clients;
        std::string address, agent;
        std::optional<base::Timestamp> first_answered;
        base::Timestamp first, last;
        std::uint64_t line = 0;
    };
    std::map<std::pair<std::string, std::string>, Use> m_uses;  // by site and path
    bool m_full = false;
};

}  // namespace deadbox::plugins::weblog
