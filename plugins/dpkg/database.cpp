// The small files of dpkg's database and configuration:
//   diversions    = { path newline divert-to newline package newline }      package ":" is the administrator's
//   statoverride  = { user " " group " " octal-mode " " path newline }
//   alternatives/NAME = mode newline link newline { slave-name newline slave-link newline } newline
//                       { target newline priority newline { slave-target newline } } newline
//   dpkg.cfg      = { option [= or space value] newline }, "--" before the option allowed, '#' comments
#include "plugin/parser.hpp"

#include <charconv>

#include "dpkg/dpkg_topic.hpp"

namespace deadbox::plugins::dpkg {
namespace {

constexpr std::size_t k_most_lines = 1'000'000;
constexpr std::size_t k_most_slaves = 10'000;

base::Result<std::vector<std::string>> lines_of(const plugin::File& file) {
    std::vector<std::string> lines;
    TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t) {
        if (lines.size() < k_most_lines) lines.emplace_back(line);
    }));
    return lines;
}

void note(plugin::Sink& sink, const plugin::File& file, const char* reason, std::string detail) {
    sink.gap({base::Gap::Level::note, "dpkg", reason, file.record().path, std::move(detail)});
}

class DiversionsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY_ASSIGN(const auto lines, lines_of(file));
        for (std::size_t i = 0; i + 2 < lines.size(); i += 3) {
            DiversionRow row;
            row.path = lines[i], row.divert_to = lines[i + 1];
            if (lines[i + 2] != ":") row.package = lines[i + 2];
            row.emit(sink);
        }
        if (lines.size() % 3 != 0) note(sink, file, "the last record is cut short", "diversions");
        return {};
    }
};

class StatoverrideParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            std::string_view field[3];
            bool whole = true;
            auto rest = line;
            for (auto& part : field) {
                const auto space = rest.find(' ');
                if (space == std::string_view::npos) whole = false;
                part = rest.substr(0, space);
                rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
            }
            std::uint32_t mode = 0;
            const auto [end, error] = std::from_chars(field[2].data(), field[2].data() + field[2].size(), mode, 8);
            if (line.empty()) return;
            if (!whole || error != std::errc() || end != field[2].data() + field[2].size() || !rest.starts_with('/'))
                return note(sink, file, "a line is damaged", "statoverride, line " + std::to_string(number));
            StatOverrideRow row;
            row.path = rest, row.owner = field[0], row.owner_group = field[1], row.mode = mode;
            row.emit(sink);
        });
    }
};

class AlternativeParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY_ASSIGN(const auto lines, lines_of(file));
        auto name = std::string_view(file.record().path);
        name = name.substr(name.rfind('/') + 1);
        if (lines.size() < 2) {
            note(sink, file, "an alternative is cut short", std::string(name));
            return {};
        }
        struct Link {
            std::string_view name, link;
        };
        std::vector<Link> links{{name, lines[1]}};
        std::size_t at = 2;
        for (; at + 1 < lines.size() && !lines[at].empty() && links.size() < k_most_slaves; at += 2) links.push_back({lines[at], lines[at + 1]});
        for (++at; at + 1 < lines.size() && !lines[at].empty();) {
            const std::string_view target = lines[at];
            std::int64_t priority = 0;
            std::from_chars(lines[at + 1].data(), lines[at + 1].data() + lines[at + 1].size(), priority);
            for (std::size_t i = 0; i < links.size(); ++i) {
                const std::size_t line = i == 0 ? at : at + 1 + i;
                if (line >= lines.size()) break;
                const std::string_view to = i == 0 ? target : std::string_view(lines[line]);
                if (to.empty()) continue;
                AlternativeRow row;
                row.name = links[i].name, row.role = i == 0 ? "master" : "slave", row.link = links[i].link, row.target = to;
                row.mode = lines[0], row.priority = priority;
                row.emit(sink);
            }
            at += 1 + links.size();
        }
        return {};
    }
};

class ConfigParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            const auto start = line.find_first_not_of(" \t-");
            if (start == std::string_view::npos || line[start] == '#') return;
            line.remove_prefix(start);
            const auto end = line.find_first_of("= \t");
            const auto kind = line.substr(0, end);
            if (end == std::string_view::npos || (kind != "path-exclude" && kind != "path-include")) return;
            auto value = line.substr(end);
            value.remove_prefix(std::min(value.find_first_not_of("= \t"), value.size()));
            if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
                value = value.substr(1, value.size() - 2);
            while (!value.empty() && (value.back() == ' ' || value.back() == '\r')) value.remove_suffix(1);
            DpkgOptionRow row;
            row.line = static_cast<std::int64_t>(number), row.kind = kind, row.pattern = value;
            row.emit(sink);
        });
    }
};

}  // namespace

const plugin::Parser& dpkg_diversions_parser() {
    static const DiversionsParser parser;
    return parser;
}
const plugin::Parser& dpkg_statoverride_parser() {
    static const StatoverrideParser parser;
    return parser;
}
const plugin::Parser& dpkg_alternative_parser() {
    static const AlternativeParser parser;
    return parser;
}
const plugin::Parser& dpkg_config_parser() {
    static const ConfigParser parser;
    return parser;
}

}  // namespace deadbox::plugins::dpkg
