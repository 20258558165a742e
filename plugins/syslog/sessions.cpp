#include "syslog/sessions.hpp"

namespace deadbox::plugins::syslog {

void Sessions::follow(const Line& line, Meaning& meaning) {
    const bool rsync = line.process == "rsyncd";
    if (!line.pid || (!rsync && line.process != "sftp-server" && line.process != "internal-sftp")) return;
    if (m_sessions.size() >= k_most) m_sessions.clear();
    if (rsync) return follow_rsync(line, meaning);
    auto& event = meaning.event;
    if (event.kind == &event::ssh_session_started()) {
        m_sessions[*line.pid] = Session{std::string(event.user), std::string(event.address), {}};
        return;
    }
    const auto found = m_sessions.find(*line.pid);
    if (found == m_sessions.end()) return;
    m_ended = found->second;
    if (line.message.starts_with("session closed")) m_sessions.erase(found);
    if (event.user.empty()) event.user = m_ended.user;
    if (event.address.empty()) event.address = m_ended.address;
}

// "rsync on www/html from bob@host.example (203.0.113.7)"; without a user where the module asks for none; "to" where it takes files.
void Sessions::follow_rsync(const Line& line, Meaning& meaning) {
    auto& event = meaning.event;
    Scanner s(line.message);
    const bool on = s.eat("rsync on ");
    if (on || s.eat("rsync to ")) {
        const auto open = s.rest.rfind(" ("), from = s.rest.rfind(" from ");
        if (open == std::string_view::npos || from == std::string_view::npos || from > open || !s.rest.ends_with(')')) return;
        const auto who = s.rest.substr(from + 6, open - from - 6);
        const auto at = who.rfind('@');
        Session session;
        if (at != std::string_view::npos) session.user = who.substr(0, at);
        session.given_out = on;
        session.address = s.rest.substr(open + 2, s.rest.size() - open - 3), session.place = s.rest.substr(0, from);
        m_sessions[*line.pid] = std::move(session);
        return;
    }
    const auto found = m_sessions.find(*line.pid);
    if (found == m_sessions.end()) return;
    if (event.kind == &event::file_download() || event.kind == &event::file_upload()) found->second.files = true;
    if (event.kind != &event::file_session()) return;
    m_ended = std::move(found->second);
    m_sessions.erase(found);
    event.user = m_ended.user;
    meaning.from(m_ended.address);
    meaning.text("file", m_ended.place);
    meaning.add("direction", std::string_view(m_ended.given_out ? "out" : "in"));
    if (m_ended.files) meaning.add("listed", std::int64_t{1});
}

}  // namespace deadbox::plugins::syslog
