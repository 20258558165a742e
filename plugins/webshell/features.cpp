#include "webshell/features.hpp"

#include <algorithm>
#include <cmath>

namespace deadbox::plugins::webshell {

std::string_view name_of(Language language) {
    static constexpr std::string_view names[] = {"", "php", "jsp", "asp", "aspx", "coldfusion", "perl", "python", "ruby", "shell", "lua", "node", "ssi", "htaccess", "user.ini"};
    return names[static_cast<std::size_t>(language)];
}

bool is_server_page(Language l) { return l == Language::jsp || l == Language::asp || l == Language::aspx || l == Language::coldfusion; }

std::string_view name_of(Sign sign) {
    static constexpr std::string_view names[] = {
        "request_code", "request_command", "request_callable", "request_include", "request_write", "request_script_write", "remote_code", "remote_dropper",
        "hidden_code", "decoded_code", "script_dropper", "hidden_name", "hidden_callable", "undefined_callable", "partial_code", "undefined_code", "undefined_command", "partial_command", "partial_include",
        "partial_callable", "file_code", "fixed_command", "sql_console", "database_login", "read_file", "list_folder", "remove_file", "write_file", "upload", "upload_checked",
        "connect", "mail", "object_injection", "environment", "loosened", "password_gate", "image_code", "self_reading", "socket_shell", "vocabulary", "rule", "handler",
        "appended", "panel", "symlink_farm", "dual_use", "template_injection"};
    static_assert(std::size(names) == k_signs);
    return names[static_cast<std::size_t>(sign)];
}

void Features::add(Sign sign, std::uint32_t offset, std::uint8_t layer, std::string_view detail, std::string_view excerpt) {
    auto& place = (*this)[sign];
    if (place.count++ == 0) {
        place.offset = offset;
        place.layer = layer;
        place.detail = detail.substr(0, 60);
        place.excerpt = excerpt.substr(0, 300);
    }
}

void Features::note_inclusion(std::string_view path) {
    static constexpr std::array<std::string_view, 2> scripts{".php", ".phtml"};
    static constexpr std::array<std::string_view, 6> odd{"/tmp/", "/var/tmp/", "/dev/", "/home/", "/root/", "/var/log/"};
    if (path.size() < 2 || path.size() > 1024 || path.find("://") != path.npos || path.ends_with('/') || inclusions.size() >= 8) return;
    const auto is_at_end = [&](std::string_view end) { return path.ends_with(end); };
    const bool strange = std::any_of(odd.begin(), odd.end(), [&](std::string_view folder) { return path.starts_with(folder); });
    if (!strange && std::any_of(scripts.begin(), scripts.end(), is_at_end)) return;
    if (std::find(inclusions.begin(), inclusions.end(), path) == inclusions.end()) inclusions.emplace_back(path);
}

void measure_text(std::string_view text, Features& features) {
    std::array<std::uint32_t, 256> counts{};
    std::uint32_t line = 0;
    for (const char c : text) {
        ++counts[static_cast<unsigned char>(c)];
        if (c == '\n') features.longest_line = std::max(features.longest_line, line), line = 0;
        else ++line;
    }
    features.longest_line = std::max(features.longest_line, line);
    const double size = static_cast<double>(text.size());
    if (text.empty()) return;
    double entropy = 0;
    for (const auto count : counts)
        if (count > 0) entropy -= count / size * std::log2(count / size);
    features.entropy = entropy;
    double letters = 0, pairs = 0;
    for (int c = 'a'; c <= 'z'; ++c) {
        const double n = counts[static_cast<std::size_t>(c)] + counts[static_cast<std::size_t>(c - 32)];
        letters += n;
        pairs += n * (n - 1);
    }
    features.coincidence = letters > 1 ? pairs / (letters * (letters - 1)) : 0;
}

}  // namespace deadbox::plugins::webshell
