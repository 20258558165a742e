// The credentials in a history of commands of any length: the newest are kept.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

// Is this the name of a file that a shell or a client keeps what was typed in?
bool is_history(std::string_view path);

class History {
public:
    History(std::string_view path, std::string_view content_type) : m_path(path), m_content_type(content_type) {}

    // Whole lines, the first of which has this number, in the order of the file.
    void read(std::string_view lines, std::int64_t first);
    // In the order of their lines, at most k_most.
    const std::deque<Credential>& found() const { return m_found; }
    // Were there more?
    bool is_cut() const { return m_cut; }

private:
    std::string m_path, m_content_type;
    std::deque<Credential> m_found;
    bool m_begun = false, m_escaped = false, m_cut = false;
};

}  // namespace deadbox::plugins::credentials
