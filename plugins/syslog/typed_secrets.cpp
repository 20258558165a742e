#include "syslog/typed_secrets.hpp"

#include <algorithm>
#include <variant>

#include "plugin/secret_shape.hpp"
#include "plugin/secret_value.hpp"
#include "syslog/syslog_topic.hpp"

namespace deadbox::plugins::syslog {
namespace {

constexpr std::int64_t k_soon = 120, k_forgotten = 600;  // s
constexpr std::size_t k_names = 3, k_shortest = 8, k_longest = 64;

bool looks_typed(std::string_view name) {
    if (name.size() < k_shortest || name.size() > k_longest) return false;
    if (name.find('\\') != std::string_view::npos) return false;  // DOMAIN\user
    if (const auto sign = name.find('@'); sign != std::string_view::npos && name.find('.', sign) != std::string_view::npos) return false;
    const auto inner = name.substr(0, name.size() - (name.ends_with('$') ? 1 : 0));  // WEB01$ is a machine's account
    const auto any = [&](auto&& is) { return std::any_of(inner.begin(), inner.end(), is); };
    const bool letter = any([](char c) { return plugin::lower(c) >= 'a' && plugin::lower(c) <= 'z'; });
    const bool sign = any([](char c) { return std::string_view("!\"#$%&'()*+,:;<=>?[]^`{|}~").find(c) != std::string_view::npos; });
    const bool capital = any([](char c) { return c >= 'A' && c <= 'Z'; }), small = any([](char c) { return c >= 'a' && c <= 'z'; }), digit = any(plugin::is_digit);
    return letter && (sign || (capital && small && digit && inner.size() == name.size()));
}

// The names in a line that somebody gave and that were refused: of who wanted in, and of whom he wanted to become.
template <class Visit>
void each_refused(const plugin::Event& event, Visit&& visit) {
    const auto attribute = [&](std::string_view wanted) {
        for (const auto& [name, value] : event.attributes)
            if (name == wanted)
                if (const auto* text = std::get_if<std::string_view>(&value)) return *text;
        return std::string_view();
    };
    if (event.kind == &event::auth_login_failure() || event.kind == &event::auth_pam_failure() || event.kind == &event::ssh_invalid_user() || event.kind == &event::ssh_connection_closed() || event.kind == &event::auth_sudo_refused()) visit(event.user);
    if (event.kind == &event::auth_su_failure()) visit(attribute("target"));
    if (event.kind != &event::syslog_message()) return;
    const auto message = attribute("message");  // of a daemon whose words are not known
    for (const std::string_view word : {"invalid user ", "unknown user ", "illegal user ", "no such user "}) {
        const auto at = message.find(word);
        if (at == std::string_view::npos) continue;
        auto name = message.substr(at + word.size());
        name = name.substr(0, name.find(' '));
        while (!name.empty() && std::string_view("'\"<>[]:").find(name.back()) != std::string_view::npos) name.remove_suffix(1);
        while (!name.empty() && std::string_view("'\"<[").find(name.front()) != std::string_view::npos) name.remove_prefix(1);
        visit(name);
    }
}

// Its address, or the terminal.
std::string source_of(const plugin::Event& event) {
    if (!event.address.empty()) return std::string(event.address);
    for (const auto& [name, value] : event.attributes)
        if (name == "tty")
            if (const auto* tty = std::get_if<std::string_view>(&value)) return "tty " + std::string(*tty);
    return {};
}

}  // namespace

std::vector<TypedSecrets::Typed> TypedSecrets::follow(const plugin::Event& event) {
    auto all = by_login(event);
    each_refused(event, [&](std::string_view name) {
        if (m_told.size() < k_told && plugin::is_no_account_name(name) && m_told.emplace(name).second) all.push_back({std::string(name), static_cast<std::int64_t>(event.line), event.time.seconds});
    });
    return all;
}

std::vector<TypedSecrets::Typed> TypedSecrets::by_login(const plugin::Event& event) {
    const bool refused = event.kind == &event::auth_login_failure() || event.kind == &event::auth_pam_failure() || event.kind == &event::ssh_invalid_user();
    const bool let_in = event.kind == &event::auth_login_success();
    if ((!refused && !let_in) || event.user.empty()) return {};
    const auto from = source_of(event);
    if (from.empty()) return {};
    const auto now = event.time.seconds;
    auto found = m_sources.find(from);
    if (let_in) {
        if (found == m_sources.end()) return {};
        auto typed = std::move(found->second.odd);
        const bool guessing = found->second.names.size() > k_names;
        m_sources.erase(found);
        const auto user = plugin::lowered(event.user);
        std::erase_if(typed, [&](const auto& one) { return guessing || now < one.time || now - one.time > k_soon || plugin::lowered(one.text) == user; });
        return typed;
    }
    const bool odd = looks_typed(event.user);
    if (found == m_sources.end()) {
        if (m_sources.size() >= k_most) m_sources.clear();
        found = m_sources.emplace(from, Source{}).first;
    }
    auto& source = found->second;
    if (now - source.last > k_forgotten) source = {};
    source.last = now;
    if (source.names.size() <= k_names) source.names.emplace(event.user);
    const bool known = std::any_of(source.odd.begin(), source.odd.end(), [&](const auto& one) { return one.text == event.user; });
    if (odd && !known && source.odd.size() < k_names) source.odd.push_back({std::string(event.user), static_cast<std::int64_t>(event.line), now});
    return {};
}

}  // namespace deadbox::plugins::syslog
