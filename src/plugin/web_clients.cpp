#include "plugin/web_clients.hpp"

#include <algorithm>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

constexpr std::int64_t k_again = 3;               // answers
constexpr std::int64_t k_given = 1 << 20;         // bytes: no page of a shell is so long
constexpr std::size_t k_few = 3;                  // addresses
constexpr std::int64_t k_before = 86'400;         // s

bool is_crawler(std::string_view name) {
    const auto agent = lowered(name);
    return agent.find("bot") != std::string::npos || agent.find("crawl") != std::string::npos || agent.find("spider") != std::string::npos || agent.find("slurp") != std::string::npos;
}

bool used(const WebClient& client, bool first, bool alone) {
    if (client.posts > 0) return true;
    if (client.answered == 0 || is_crawler(client.agent)) return false;
    return alone || client.largest >= k_given || (client.without_referer > 0 && (first || client.answered >= k_again));
}

}  // namespace

void ClientsOfPath::add(const WebClient& of_one_log, std::int64_t different) {
    m_more |= different > k_clients_told_apart;
    const auto [place, fresh] = m_places.try_emplace(of_one_log.address, m_all.size());
    if (fresh) return m_all.push_back(of_one_log);
    auto& client = m_all[place->second];
    client.posts += of_one_log.posts, client.answered += of_one_log.answered, client.without_referer += of_one_log.without_referer;
    client.largest = std::max(client.largest, of_one_log.largest);
}

bool ClientsOfPath::mark(const PlantedScript& script) {
    const bool posted = std::any_of(m_all.begin(), m_all.end(), [](const auto& client) { return client.posts > 0; });
    std::size_t users = 0;
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        auto& client = m_all[i];
        client.used = used(client, i == 0, m_all.size() == 1) && (script.whole || !posted || client.posts > 0);
        users += client.used;
    }
    if (m_more) return true;
    if (script.whole) return users > k_few;
    // A file that is nothing but a shell may have a younger birth than its use: a restored or moved site.
    return m_all.size() > k_few || (script.planted && !m_all.empty() && m_all.front().first < *script.planted - k_before);
}

}  // namespace deadbox::plugin
