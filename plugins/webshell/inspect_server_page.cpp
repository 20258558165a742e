#include "webshell/inspect.hpp"
namespace deadbox::plugins::webshell {
void inspect_server_page(std::string_view, Features&, std::string&) {}
void inspect_cgi(std::string_view, Features&, std::string&) {}
void inspect_handler(std::string_view, Features&) {}
base::Result<void> load_rules(const std::string&) { return {}; }
void inspect_words(std::string_view, std::string_view, Features&) {}
}
