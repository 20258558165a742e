// Logs in the machine's own time, without a zone (content/local_clock.hpp reads it):
//   dpkg.log      = { "YYYY-MM-DD hh:mm:ss " action newline }
//     action      = ("install"|"upgrade"|"remove"|"purge"|"configure") " " name ":" arch " " old-version " " new-version
//                 | "conffile" " " path " " ("install"|"keep") | "status" … | "startup" … | "trigproc" …
//   history.log   = { "Start-Date: YYYY-MM-DD  hh:mm:ss" newline { Field ": " value newline } "End-Date: …" newline newline }
#include "plugin/parser.hpp"

#include <array>
#include <charconv>
#include <limits>

#include "content/local_clock.hpp"
#include "dpkg/dpkg_topic.hpp"
#include "plugin/parameter.hpp"

namespace deadbox::plugins::dpkg {
namespace {

// Reads the times of one log, which follow each other.
class Times {
public:
    explicit Times(const plugin::Parameters& parameters) : m_clock(plugin::parameter(parameters, "timezone")) {}
    std::optional<base::Timestamp> take(std::string_view& text);
    std::uint8_t assumptions() const { return m_clock.knows_zone() ? plugin::assumed_none : plugin::assumed_zone; }
    // Into the ledger, where a time was read without knowing the zone.
    void tell(plugin::Sink& sink, const plugin::File& file) const {
        if (m_any && !m_clock.knows_zone()) sink.gap({base::Gap::Level::assumption, "dpkg", std::string(m_clock.assumption()), file.record().path, ""});
    }

private:
    content::LocalClock m_clock;
    std::int64_t m_before = std::numeric_limits<std::int64_t>::min();
    bool m_any = false;
};

// "YYYY-MM-DD", one or more spaces, "hh:mm:ss"; what stands behind is left in `text`.
std::optional<base::Timestamp> Times::take(std::string_view& text) {
    const auto number = [&](std::size_t at, std::size_t length, int& out) {
        if (text.size() < at + length) return false;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + length, out);
        return error == std::errc() && end == text.data() + at + length;
    };
    int year = 0;
    base::CivilTime civil;
    if (!number(0, 4, year) || text.size() < 11 || text[4] != '-' || !number(5, 2, civil.month) || text[7] != '-' || !number(8, 2, civil.day)) return std::nullopt;
    std::size_t at = 10;
    while (at < text.size() && text[at] == ' ') ++at;
    if (at == 10 || text.size() < at + 8 || !number(at, 2, civil.hour) || text[at + 2] != ':' || !number(at + 3, 2, civil.minute) || text[at + 5] != ':' ||
        !number(at + 6, 2, civil.second))
        return std::nullopt;
    if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > 31 || civil.hour > 23 || civil.minute > 59 || civil.second > 60 || civil.hour < 0 ||
        civil.minute < 0 || civil.second < 0)
        return std::nullopt;
    civil.year = year;
    text.remove_prefix(at + 8);
    m_any = true;
    m_before = m_clock.to_utc(base::seconds_from_civil(civil), m_before);
    return base::Timestamp{m_before, 0};
}

std::string_view take_word(std::string_view& text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return word;
}

const plugin::EventDef* kind_of(std::string_view action) {
    if (action == "install") return &event::package_install();
    if (action == "upgrade") return &event::package_upgrade();
    if (action == "remove") return &event::package_remove();
    if (action == "purge") return &event::package_purge();
    if (action == "configure") return &event::package_configure();
    return nullptr;
}

class DpkgLogParser final : public plugin::Parser {
public:
    base::Result<void> prepare(const std::string&) const override {
        content::LocalClock::load_zones();
        return {};
    }

    base::Result<void> parse(const plugin::File& file, const plugin::Parameters& parameters, plugin::Sink& sink) const override {
        Times times(parameters);
        std::uint64_t damaged = 0;
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t offset, std::uint64_t number) {
            if (line.empty()) return;
            const auto time = times.take(line);
            if (!time) {
                ++damaged;
                return;
            }
            plugin::Event event;
            event.time = *time, event.assumptions = times.assumptions(), event.process = "dpkg", event.offset = offset, event.line = number;
            const auto action = take_word(line);
            if (action == "conffile") {
                const auto last = line.rfind(' ');
                if (last == std::string_view::npos) return;
                event.kind = &event::package_conffile();
                event.attributes = {{"path", line.substr(0, last)}, {"decision", line.substr(last + 1)}};
            } else {
                event.kind = kind_of(action);
                if (event.kind == nullptr) return;
                const auto package = take_word(line), old_version = take_word(line), new_version = take_word(line);
                event.attributes = {{"package", package}};
                if (action == "upgrade" || action == "install") event.attributes.emplace_back("version", new_version);
                else event.attributes.emplace_back("version", old_version);
                if (action == "upgrade") event.attributes.emplace_back("old_version", old_version);
            }
            sink.event(event);
        }));
        if (damaged > 0) sink.gap({base::Gap::Level::note, "dpkg", "lines of a package log are damaged", file.record().path, std::to_string(damaged)});
        times.tell(sink, file);
        return {};
    }
};

// A block of history.log. Lists of packages are kept in their first 1000 bytes: dpkg.log has them all.
class AptHistoryParser final : public plugin::Parser {
public:
    base::Result<void> prepare(const std::string&) const override {
        content::LocalClock::load_zones();
        return {};
    }

    base::Result<void> parse(const plugin::File& file, const plugin::Parameters& parameters, plugin::Sink& sink) const override {
        constexpr std::size_t k_longest = 1000;
        Times times(parameters);
        struct Block {
            std::optional<base::Timestamp> start, end;
            std::uint64_t start_offset = 0, start_line = 0, end_offset = 0, end_line = 0;
            std::string user;
            std::vector<std::pair<std::string, std::string>> fields;
        } block;
        const auto finish = [&] {
            if (block.start) {
                plugin::Event event;
                event.kind = &event::package_apt_start(), event.time = *block.start, event.assumptions = times.assumptions(), event.process = "apt";
                event.user = block.user, event.offset = block.start_offset, event.line = block.start_line;
                for (const auto& [name, value] : block.fields) event.attributes.emplace_back(name, std::string_view(value));
                sink.event(event);
            }
            if (block.end) {
                plugin::Event event;
                event.kind = &event::package_apt_end(), event.time = *block.end, event.assumptions = times.assumptions(), event.process = "apt";
                event.user = block.user, event.offset = block.end_offset, event.line = block.end_line;
                for (const auto& [name, value] : block.fields)
                    if (name == "command" || name == "error") event.attributes.emplace_back(name, std::string_view(value));
                sink.event(event);
            }
            block = {};
        };
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> k_fields = {{{"Commandline", "command"},
            {"Install", "installed"}, {"Upgrade", "upgraded"}, {"Remove", "removed"}, {"Purge", "purged"}, {"Reinstall", "reinstalled"},
            {"Downgrade", "downgraded"}, {"Error", "error"}, {"Comment", "comment"}}};
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t offset, std::uint64_t number) {
            const auto colon = line.find(": ");
            if (line.empty()) return finish();
            if (colon == std::string_view::npos) return;
            const auto key = line.substr(0, colon);
            auto value = line.substr(colon + 2);
            if (key == "Start-Date") {
                if (block.start) finish();
                block.start = times.take(value), block.start_offset = offset, block.start_line = number;
            } else if (key == "End-Date") {
                block.end = times.take(value), block.end_offset = offset, block.end_line = number;
            } else if (key == "Requested-By") {
                block.user = value.substr(0, value.find(" ("));
            } else {
                for (const auto& [field, attribute] : k_fields)
                    if (key == field && block.fields.size() < k_fields.size()) block.fields.emplace_back(attribute, value.substr(0, k_longest));
            }
        }));
        finish();
        times.tell(sink, file);
        return {};
    }
};

}  // namespace

const plugin::Parser& dpkg_log_parser() {
    static const DpkgLogParser parser;
    return parser;
}
const plugin::Parser& apt_history_parser() {
    static const AptHistoryParser parser;
    return parser;
}

}  // namespace deadbox::plugins::dpkg
