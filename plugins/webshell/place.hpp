// Where a text with a page's code lies, and whether anything is known to run it: an interpreter runs what is named like a page in
// a web root, what the server's settings name, what says so in its first line, and what a page includes. All else is text.
#pragma once

#include <string_view>

namespace deadbox::plugins::webshell {

// What a file is by its place and name. `page`: of an ending that servers run as they are delivered. `part`: of one that
// applications give to what their pages include, and that no server runs.
enum class Nature { page, part, log, mail, rules, document, dump, repository, text };
std::string_view name_of(Nature nature);
Nature nature_of(std::string_view path);

// Folders that sites lie in by custom, where no configuration is known to name them.
bool is_customary_root(std::string_view path);
// What a service keeps below /var/lib: a build server's workspaces, a forge's repositories; but for containers' file systems.
bool is_service_data(std::string_view path);
// The file systems and volumes of containers, whose own servers run what is there.
bool is_of_container(std::string_view path);
// Where anybody can leave a file: /tmp, /var/tmp, /dev/shm.
bool is_temporary(std::string_view path);
// Sources to build programs from (Filesystem Hierarchy Standard: /usr/src, /usr/local/src). Nothing runs them there.
bool is_source(std::string_view path);
// Programs that a command's name finds.
bool is_in_program_folder(std::string_view path);
// A person's own folder, without the site in it.
bool is_home(std::string_view path);
// What a server writes of its visitors' requests: its logs, and sessions. A page that includes what the request names can run it.
bool holds_requests(std::string_view path);

}  // namespace deadbox::plugins::webshell
