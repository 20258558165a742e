// One script, from bytes to features: which language, what its reader finds.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// The language by name and head; none: not a script. Cheap: it decides about every file of the disk.
Language language_of(std::string_view path, std::string_view head);
// True for pictures and archives, which may carry PHP anywhere.
bool is_carrier(std::string_view head);

// What a carrier holds, searched whole.
Language carried_language(std::string_view text);

struct Inspection {
    Features features;
    std::string decoded;  // the code of all layers
};

// `text`: the whole script, or its first megabytes. Pure; bounded by its own limits.
Inspection inspect(std::string_view text, std::string_view path, Language language);

// Loads resources/webshell: rules and words. Called once, before the first inspect().
base::Result<void> load_rules(const std::string& resources);

// The readers by language; `decoded` takes what they decoded.
void inspect_php(std::string_view text, Features& features, std::string& decoded);
void inspect_server_page(std::string_view text, Features& features, std::string& decoded);  // JSP, ASP, ASPX, ColdFusion
void inspect_cgi(std::string_view text, Features& features, std::string& decoded);          // Perl, Python, Ruby, shell, Lua, Node
void inspect_directives(std::string_view text, Features& features);                         // server-side includes
void inspect_handler(std::string_view text, Features& features);                            // .htaccess, .user.ini
// Apache's own settings, which hold for all sites.
bool is_server_settings(std::string_view path);
// Names that Apache's settings make programs of (AddHandler, SetHandler ...), as the table of inclusions has them: "*.html" by
// an ending, "*/a.md" by the name, "*~^a\." by a pattern, "*" all; `of_server`: with the folder that they hold below in front.
void note_run_names(std::string_view settings, bool of_server, std::vector<std::string>& inclusions);
// Our own rules (rules.yar), and programs in text constants, whatever the language.
void inspect_rules(std::string_view text, std::string_view decoded, Features& features);
// Words of shells, and tools with two uses.
void inspect_words(std::string_view text, std::string_view decoded, Features& features);

}  // namespace deadbox::plugins::webshell
