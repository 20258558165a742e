// /var/lib/dpkg/status, status-old; status.d/NAME of images without dpkg (one stanza a file, no Status field).
//   stanza    = field { field } empty-line           (deb822: RFC 822 without folding rules)
//   field     = Name ":" value newline { " " continuation newline }
//   Status    = wanted " " flag " " state
//   Conffiles = { " " path " " md5 [" obsolete"] [" remove-on-upgrade"] }
#include "plugin/parser.hpp"

#include "base/encoding.hpp"
#include "dpkg/dpkg_topic.hpp"
#include "dpkg/folder_rows.hpp"

namespace deadbox::plugins::dpkg {
namespace {

constexpr std::size_t k_longest_field = 4096;     // of those that are kept
constexpr std::size_t k_most_conffiles = 100000;  // of one package

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

// Fields of a stanza that are kept, in the order of k_fields.
enum Field : std::size_t { name, status, version, arch, multi_arch, essential, priority, section, maintainer, source, field_count };
constexpr std::array<std::string_view, field_count> k_fields = {"Package",   "Status",   "Version", "Architecture", "Multi-Arch",
                                                                "Essential", "Priority", "Section", "Maintainer",   "Source"};

class Stanza {
public:
    void line(std::string_view line) {
        if (line.front() == ' ' || line.front() == '\t') {
            if (m_conffiles && m_conffile_lines.size() < k_most_conffiles) m_conffile_lines.emplace_back(trimmed(line));
            return;
        }
        m_conffiles = false;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            m_damaged = true;
            return;
        }
        const auto key = line.substr(0, colon);
        if (key == "Conffiles") m_conffiles = true;
        for (std::size_t i = 0; i < field_count; ++i)
            if (key == k_fields[i]) m_values[i] = trimmed(line.substr(colon + 1)).substr(0, k_longest_field);
    }

    bool empty() const { return m_values[name].empty() && m_conffile_lines.empty(); }
    bool damaged() const { return m_damaged || m_values[name].empty(); }

    void emit(plugin::Sink& sink, bool before, bool has_status) const {
        if (m_values[name].empty()) return;
        std::string_view wanted = "install", state = "installed";
        if (has_status || !m_values[status].empty()) {
            const std::string_view all = m_values[status];
            const auto first = all.find(' '), last = all.rfind(' ');
            wanted = all.substr(0, first);
            state = last == std::string_view::npos ? all : all.substr(last + 1);
        }
        if (before) {
            PackageBeforeRow row;
            row.name = m_values[name], row.arch = m_values[arch], row.version = m_values[version], row.status = state;
            row.emit(sink);
            return;
        }
        const std::string stem = m_values[multi_arch] == "same" ? m_values[name] + ":" + m_values[arch] : m_values[name];
        PackageRow row;
        row.stem = stem, row.name = m_values[name], row.arch = m_values[arch], row.version = m_values[version];
        row.status = state, row.wanted = wanted, row.essential = m_values[essential] == "yes" ? 1 : 0;
        row.priority = m_values[priority], row.section = m_values[section], row.maintainer = m_values[maintainer];
        if (!m_values[source].empty()) row.source = m_values[source];
        row.emit(sink);
        for (const auto& line : m_conffile_lines) conffile(line, stem, sink);
    }

private:
    // The path may hold spaces; the digest is the last word but the flags.
    static void conffile(std::string_view line, std::string_view stem, plugin::Sink& sink) {
        std::string_view flag;
        for (;;) {
            const auto space = line.rfind(' ');
            if (space == std::string_view::npos) return;
            const auto word = line.substr(space + 1);
            const auto rest = trimmed(line.substr(0, space));
            if (word == "obsolete" || word == "remove-on-upgrade") {
                flag = word, line = rest;
                continue;
            }
            ConffileRow row;
            row.path = rest, row.package = stem;
            const auto digest = md5_of(word);
            if (digest) row.md5 = base::ByteView(*digest);
            if (!flag.empty()) row.flag = flag;
            row.emit(sink);
            return;
        }
    }

    std::array<std::string, field_count> m_values;
    std::vector<std::string> m_conffile_lines;
    bool m_conffiles = false, m_damaged = false;
};

class StatusParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto path = std::string_view(file.record().path);
        const bool distroless = path.find("/status.d/") != std::string_view::npos;
        if (distroless && path.ends_with(".md5sums")) return read_md5sums(file, sink);
        const bool before = path.ends_with("-old");
        std::optional<Stanza> stanza;
        const auto finish = [&](std::uint64_t number) {
            if (!stanza) return;
            if (stanza->damaged() && !stanza->empty())
                sink.gap({base::Gap::Level::note, "dpkg", "a package's record is damaged", std::string(path), "before line " + std::to_string(number)});
            stanza->emit(sink, before, !distroless);
            stanza.reset();
        };
        std::uint64_t last = 0;
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            last = number;
            if (trimmed(line).empty()) return finish(number);
            if (!stanza) stanza.emplace();
            stanza->line(line);
        }));
        finish(last + 1);
        return {};
    }

private:
    // status.d/NAME.md5sums: no list stands beside it.
    static base::Result<void> read_md5sums(const plugin::File& file, plugin::Sink& sink) {
        auto stem = std::string_view(file.record().path);
        stem = stem.substr(stem.rfind('/') + 1);
        stem.remove_suffix(std::string_view(".md5sums").size());
        FolderRows rows(stem);
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t) {
            if (const auto entry = decode_md5sums_line(line)) rows.add(entry->path, &entry->digest);
        }));
        rows.emit(sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& dpkg_status_parser() {
    static const StatusParser parser;
    return parser;
}

}  // namespace deadbox::plugins::dpkg
