#include "plugin/web_clients.hpp"

#include <algorithm>

namespace deadbox::plugin {
namespace {

constexpr std::int64_t k_again = 3;               // answers
constexpr std::int64_t k_given = 1 << 20;         // bytes: no page of a shell is so long
constexpr std::size_t k_few = 3;                  // addresses
constexpr std::int64_t k_before = 86'400;         // s

bool is_crawler(std::string agent) {
    std::transform(agent.begin(), agent.end(), agent.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return agent.find("bot") != std::string::npos || agent.find("crawl") != std::string::npos || agent.find("spider") != std::string::npos || agent.find("slurp") != std::string::npos;
}

bool used(const WebClient& client, bool first, bool alone) {
    if (client.posts > 0) return true;
    if (client.answered == 0 || is_crawler(client.agent)) return false;
    return alone || client.largest >= k_given || (client.without_referer > 0 && (first || client.answered >= k_again));
}

}  // namespace

bool mark_users(std::span<WebClient> clients, const PlantedScript& script) {
    const bool posted = std::any_of(clients.begin(), clients.end(), [](const auto& client) { return client.posts > 0; });
    std::size_t users = 0;
    for (std::size_t i = 0; i < clients.size(); ++i) {
        auto& client = clients[i];
        client.used = used(client, i == 0, clients.size() == 1) && (script.whole || !posted || client.posts > 0);
        users += client.used;
    }
    if (script.more) return true;
    if (script.whole) return users > k_few;
    // A file that is nothing but a shell may have a younger birth than its use: a restored or moved site.
    return clients.size() > k_few || (script.planted && !clients.empty() && clients.front().first < *script.planted - k_before);
}

}  // namespace deadbox::plugin
