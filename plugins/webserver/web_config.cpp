#include "webserver/web_config.hpp"

#include <algorithm>

namespace deadbox::plugins::webserver {

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string clean_path(std::string_view path) {
    std::vector<std::string_view> parts;
    const bool absolute = path.starts_with('/');
    while (!path.empty()) {
        const auto slash = std::min(path.find('/'), path.size());
        const auto part = path.substr(0, slash);
        path.remove_prefix(std::min(slash + 1, path.size()));
        if (part.empty() || part == ".") continue;
        if (part == ".." && !parts.empty() && parts.back() != "..") parts.pop_back();
        else if (part != ".." || !absolute) parts.push_back(part);
    }
    std::string out;
    for (const auto part : parts) {
        if (absolute || !out.empty()) out += '/';
        out += part;
    }
    return out.empty() && absolute ? std::string("/") : out;
}

std::string fixed_part(std::string_view path, std::string_view variables) {
    const auto variable = path.find_first_of(variables);
    if (variable == std::string_view::npos) return clean_path(path);
    const auto slash = path.rfind('/', variable);
    if (slash == std::string_view::npos || slash == 0) return {};
    return clean_path(path.substr(0, slash));
}

std::string dates_as_glob(std::string_view path) {
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '%' || i + 1 == path.size()) {
            out += path[i];
            continue;
        }
        ++i;
        if (out.empty() || out.back() != '*') out += '*';
    }
    return out;
}

}  // namespace deadbox::plugins::webserver
