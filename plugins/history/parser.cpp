// Histories, a command a line:
//   bash, ksh, ash   command, with HISTTIMEFORMAT set a line "#" seconds before it
//   zsh              command, or ": " seconds ":" duration ";" command; 0x83 before a byte that is to be read xor 0x20
//   tcsh             "#+" seconds before it
//   fish             "- cmd: " command, then "  when: " seconds
//   mysql            command with \040 for a blank; libedit begins the file with "_HiStOrY_V2_"
#include "plugin/parser.hpp"

#include <charconv>
#include <optional>

#include "history/history_topic.hpp"

namespace deadbox::plugins::history {
namespace {

constexpr std::size_t k_longest = 4'096;
constexpr std::uint64_t k_most = 200'000;  // commands of one file

std::optional<std::int64_t> seconds_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failed != std::errc() || end != text.data() + text.size() || value < 600'000'000 || value > 20'000'000'000) return std::nullopt;
    return value;
}

std::string_view shell_of(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    if (name == "fish_history") return "fish";
    if (name == ".zhistory" || name == ".histfile") return "zsh";
    if (!name.starts_with('.')) return "shell";
    const auto end = name.find("_history");
    return end == std::string_view::npos ? std::string_view("shell") : name.substr(1, end - 1);
}

// What zsh writes for bytes that its own markers use.
std::string unmetafied(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (static_cast<unsigned char>(text[i]) == 0x83 && i + 1 < text.size()) out += static_cast<char>(text[++i] ^ 0x20);
        else out += text[i];
    }
    return out;
}

// libedit's octal escapes.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octal = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '7'; };
        if (text[i] == '\\' && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
            out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\\') {
            out += text[++i];
        } else {
            out += text[i];
        }
    }
    return out;
}

class Reader {
public:
    Reader(const plugin::File& file, plugin::Sink& sink) : m_file(file), m_sink(sink), m_shell(shell_of(file.record().path)) {}

    base::Result<void> read() {
        const auto done = plugin::for_each_line(m_file, [this](std::string_view text, std::uint64_t offset, std::uint64_t number) {
            if (text.ends_with('\r')) text.remove_suffix(1);
            if (number == 1 && text == "_HiStOrY_V2_") m_libedit = true;
            else if (m_shell == "fish") fish(text, offset, number);
            else line(text, offset, number);
        });
        flush();
        if (m_count > k_most) m_sink.gap({base::Gap::Level::limit, "history", "a history has more commands than are kept", m_file.record().path, std::to_string(m_count)});
        return done;
    }

private:
    void line(std::string_view text, std::uint64_t offset, std::uint64_t number) {
        if (text.starts_with('#')) {
            if (const auto time = seconds_in(text.substr(text.starts_with("#+") ? 2 : 1))) {
                m_next_time = time;
                return;
            }
        }
        auto time = std::exchange(m_next_time, std::nullopt);
        if (m_shell == "zsh" && text.starts_with(": ")) {
            const auto colon = text.find(':', 2), semicolon = text.find(';', 2);
            if (colon != std::string_view::npos && semicolon != std::string_view::npos && colon < semicolon) {
                if (const auto at = seconds_in(text.substr(2, colon - 2))) time = at, text = text.substr(semicolon + 1);
            }
        }
        const auto plain = m_shell == "zsh" ? unmetafied(text) : m_libedit ? unescaped(text) : std::string(text);
        command(plain, time, offset, number);
    }

    // The time stands behind the command.
    void fish(std::string_view text, std::uint64_t offset, std::uint64_t number) {
        if (text.starts_with("- cmd: ")) {
            flush();
            m_waiting = text.substr(7, k_longest), m_waiting_offset = offset, m_waiting_line = number;
        } else if (text.starts_with("  when: ") && !m_waiting.empty()) {
            m_next_time = seconds_in(text.substr(8));
            flush();
        }
    }
    void flush() {
        if (!m_waiting.empty()) command(m_waiting, m_next_time, m_waiting_offset, m_waiting_line);
        m_waiting.clear(), m_next_time.reset();
    }

    void command(std::string_view text, std::optional<std::int64_t> time, std::uint64_t offset, std::uint64_t number) {
        text = text.substr(0, k_longest);
        if (text.find_first_not_of(" \t") == std::string_view::npos || ++m_count > k_most) return;
        ShellCommandRow row;
        row.shell = m_shell, row.command = text, row.line = static_cast<std::int64_t>(number);
        if (time) row.time = base::Timestamp{*time, 0};
        row.emit(m_sink);
        if (!time) return;
        plugin::Event event;
        event.kind = &event::shell_command();
        event.time = {*time, 0}, event.process = m_shell, event.offset = offset, event.line = number;
        event.attributes.emplace_back("command", text);
        m_sink.event(event);
    }

    const plugin::File& m_file;
    plugin::Sink& m_sink;
    std::string_view m_shell;
    std::optional<std::int64_t> m_next_time;
    std::string m_waiting;
    std::uint64_t m_waiting_offset = 0, m_waiting_line = 0, m_count = 0;
    bool m_libedit = false;
};

class ShellHistoryParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override { return Reader(file, sink).read(); }
};

}  // namespace

const plugin::Parser& shell_history_parser() {
    static const ShellHistoryParser parser;
    return parser;
}

}  // namespace deadbox::plugins::history
