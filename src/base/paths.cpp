#include "base/paths.hpp"

#include <vector>

namespace deadbox::base {

std::string path_below(std::string_view folder, std::string_view name) {
    std::string path(folder == "/" ? std::string_view() : folder);
    path += '/';
    path += name;
    return path;
}

std::string_view folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? std::string_view("/") : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_at_or_below(std::string_view path, std::string_view folder) {
    return path == folder || (path.starts_with(folder) && (folder.ends_with('/') || path[folder.size()] == '/'));
}

std::string tidied_path(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        if (part == "..") {
            if (!parts.empty()) parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    std::string tidy;
    for (const auto part : parts) tidy += '/', tidy += part;
    return tidy.empty() ? "/" : tidy;
}

}  // namespace deadbox::base
