// Where a text with a page's code lies, and whether anything is known to run it: an interpreter runs what lies in a web root,
// what is named like a page, what says so in its first line, and what a page includes. All else is text.
#pragma once

#include <string_view>

namespace deadbox::plugins::webshell {

// What a file is by its place and name. `page`: named like what an interpreter runs.
enum class Nature { page, log, mail, rules, document, dump, repository, text };
std::string_view name_of(Nature nature);
Nature nature_of(std::string_view path);

// Folders that sites lie in by custom, where no configuration is known to name them.
bool is_customary_root(std::string_view path);
// What a service keeps below /var/lib: a build server's workspaces, a forge's repositories; but for containers' file systems.
bool is_service_data(std::string_view path);
// Where anybody can leave a file: /tmp, /var/tmp, /dev/shm.
bool is_temporary(std::string_view path);
// A person's own folder, without the site in it.
bool is_home(std::string_view path);
// What a server writes of its visitors' requests: its logs, and sessions. A page that includes what the request names can run it.
bool holds_requests(std::string_view path);

}  // namespace deadbox::plugins::webshell
