// The ways in which data that was taken shows on a disk; each adds its findings.
#pragma once

#include <string>
#include <vector>

#include "plugin/detector.hpp"

namespace deadbox::plugins::exfiltration {

// Commands that sent something, from histories and sudo's log.
base::Result<void> find_sent(const plugin::CaseReader& reader, const std::vector<std::string>& drop_services, plugin::FindingSink& sink);
// Archives and dumps that web servers gave out.
base::Result<void> find_downloads(const plugin::CaseReader& reader, plugin::FindingSink& sink);
// What the web servers are shown to have given out to accused clients, of what few fetched: the file is or was there in that size. What is
// meant for nobody (a hidden folder, settings, credentials), to however many. What is too much to be told apart is a gap.
struct GivenOut {
    std::string path, address;  // path: on the disk, or as it was asked for where it is gone
    std::int64_t count = 0, bytes = 0;  // of this client's answers, together
    std::int64_t first = 0, last = 0, line = 0, log = 0, system = 0;  // his; times: s; line, log: of his longest answer
};
base::Result<void> given_out_by_web(const plugin::CaseReader& reader, plugin::FindingSink& sink, base::FunctionRef<bool(std::int64_t system, std::string_view address)> accused, base::FunctionRef<void(const GivenOut&)> visit);
// Long answers of webshells; asked after those who find webshells.
base::Result<void> find_shell_answers(const plugin::CaseReader& reader, plugin::FindingSink& sink);
// Commands to send data that stand in requests to webshells; likewise.
base::Result<void> find_shell_commands(const plugin::CaseReader& reader, const std::vector<std::string>& drop_services, plugin::FindingSink& sink);
// Archives and dumps that lie ready.
base::Result<void> find_staged(const plugin::CaseReader& reader, plugin::FindingSink& sink);

// Services that take files from anybody, by their names; read once, before anybody is asked.
base::Result<std::vector<std::string>> read_drop_services(const std::string& resources);
// Is this host such a service itself, which everybody uses? A name below one is its user's own.
bool is_everybodys(const std::vector<std::string>& drop_services, std::string_view host);

// "3.4 MB"
std::string size_in_words(std::int64_t bytes);
// By its name: a dump or copy of a database, or of the whole site.
bool names_dump(std::string_view file);

}  // namespace deadbox::plugins::exfiltration
