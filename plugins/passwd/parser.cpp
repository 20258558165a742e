// passwd:   name:password:uid:gid:gecos:home:shell
// shadow:   name:hash:last change:min:max:warn:inactive:expire:reserved     (days from 1970-01-01)
// group:    name:password:gid:member,member
// gshadow:  name:password:admin,admin:member,member
// subuid:   name:start:count
// Empty lines and lines that start with '#' are passed over, as the C library does.
#include "plugin/parser.hpp"

#include "passwd/passwd_topic.hpp"
#include "passwd/records.hpp"

namespace deadbox::plugins::passwd {
namespace {

constexpr std::size_t k_entry = 1024;        // bytes of a line that are kept
constexpr std::uint64_t k_most_lines = 131'072;
constexpr std::size_t k_most_members = 100'000;  // of one group

std::string_view shortened(std::string_view line) { return line.substr(0, k_entry); }

// The file as the tables name it.
std::string_view source_of(std::string_view path) {
    if (path.starts_with("/usr/lib/")) return "altfiles";
    if (path.ends_with(".master")) return "master";
    return path.substr(path.rfind('/') + 1);
}

// Calls visit(line, number) for each line that says something.
template <class Visit>
base::Result<void> each_entry(const plugin::File& file, plugin::Sink& sink, Visit&& visit) {
    bool limited = false;
    return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.front() == '#') return;
        if (number > k_most_lines) {
            if (!limited) sink.gap({base::Gap::Level::limit, "passwd", "lines beyond the limit were not read", file.record().path, ""});
            limited = true;
            return;
        }
        visit(line, static_cast<std::int64_t>(number));
    });
}

void too_few(const plugin::File& file, plugin::Sink& sink, std::int64_t line) {
    sink.gap({base::Gap::Level::note, "passwd", "a line has too few fields", file.record().path, "line " + std::to_string(line)});
}

void keep_unless(bool secret, const plugin::File& file, plugin::Sink& sink) {
    constexpr std::size_t k_most = 256 * 1024;
    if (secret) return;
    if (const auto all = plugin::read_all(file, k_most)) sink.keep_text(*all);
}

class PasswdParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto source = source_of(file.record().path);
        bool secret = false;
        TRY(each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            const auto field = split<7>(line);
            if (field.count < 7) {
                too_few(file, sink, number);
                if (field.count < 4) return;
            }
            AccountRow row;
            row.source = source, row.line = number, row.user = field.at[0];
            if (const auto id = read_id(field.at[2])) row.uid = id->value;
            if (const auto id = read_id(field.at[3])) row.gid = id->value;
            row.gecos = field.at[4], row.home = field.at[5], row.shell = field.at[6];
            row.password = classify_field(field.at[1]);
            row.oddity = oddity_of(field);
            row.entry = shortened(line);
            row.emit(sink);
            const auto password = classify_password(field.at[1]);
            if (password.scheme == "none") return;
            secret = true;
            PasswordRow kept;
            kept.source = source, kept.line = number, kept.user = field.at[0];
            kept.scheme = password.scheme, kept.state = password.state, kept.hash = field.at[1], kept.entry = shortened(line);
            kept.emit(sink);
        }));
        keep_unless(secret, file, sink);
        return {};
    }
};

class ShadowParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto source = source_of(file.record().path);
        return each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            const auto field = split<9>(line);
            if (field.count < 2) return too_few(file, sink, number);
            const auto password = classify_password(field.at[1]);
            PasswordRow row;
            row.source = source, row.line = number, row.user = field.at[0];
            row.scheme = password.scheme, row.state = password.state, row.hash = shortened(field.at[1]);
            row.last_change = read_days(field.at[2]);
            row.min_days = read_days(field.at[3]), row.max_days = read_days(field.at[4]), row.warn_days = read_days(field.at[5]);
            row.inactive_days = read_days(field.at[6]), row.expire_day = read_days(field.at[7]);
            row.entry = shortened(line);
            row.emit(sink);
        });
    }
};

// Emits a row for each name of a comma-separated list; returns how many there were.
std::int64_t emit_members(std::string_view list, std::string_view part, GroupMemberRow row, plugin::Sink& sink) {
    std::int64_t count = 0;
    while (!list.empty() && count < static_cast<std::int64_t>(k_most_members)) {
        const auto comma = list.find(',');
        row.user = list.substr(0, comma);
        row.part = part;
        if (!row.user->empty()) {
            row.emit(sink);
            ++count;
        }
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return count;
}

class GroupParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto source = source_of(file.record().path);
        bool secret = false;
        TRY(each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            const auto field = split<4>(line);
            if (field.count < 3) return too_few(file, sink, number);
            AccountGroupRow row;
            row.source = source, row.line = number, row.group_name = field.at[0];
            row.password = classify_field(field.at[1]);
            if (const auto id = read_id(field.at[2])) row.gid = id->value;
            GroupMemberRow member;
            member.source = source, member.line = number, member.group_name = field.at[0];
            row.members = emit_members(field.at[3], "member", member, sink);
            row.entry = shortened(line);
            row.emit(sink);
            secret |= *row.password == "set" || *row.password == "locked";
        }));
        keep_unless(secret, file, sink);
        return {};
    }
};

class GshadowParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto source = source_of(file.record().path);
        return each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            const auto field = split<4>(line);
            if (field.count < 2) return too_few(file, sink, number);
            AccountGroupRow row;
            row.source = source, row.line = number, row.group_name = field.at[0];
            row.password = classify_password(field.at[1]).state;
            GroupMemberRow member;
            member.source = source, member.line = number, member.group_name = field.at[0];
            emit_members(field.at[2], "admin", member, sink);
            row.members = emit_members(field.at[3], "member", member, sink);
            row.entry = shortened(line);
            row.emit(sink);
        });
    }
};

class LoginDefsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY(each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            const auto setting = read_setting(line);
            if (!setting) return;
            LoginDefaultRow row;
            row.source = std::string_view(file.record().path), row.line = number;
            row.key = setting->key, row.value = shortened(setting->value);
            row.emit(sink);
        }));
        keep_unless(false, file, sink);
        return {};
    }
};

class ShellsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY(each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            line = line.substr(0, line.find_first_of(" \t#"));
            if (!line.starts_with('/')) return;
            LoginShellRow row;
            row.line = number, row.path = shortened(line);
            row.emit(sink);
        }));
        keep_unless(false, file, sink);
        return {};
    }
};

// sysusers.d(5): u NAME ID GECOS HOME SHELL; g NAME ID; m USER GROUP. What packages declare of system accounts.
class SysusersParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY(each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            const auto words = read_words(line);
            if (words.size() < 2 || words[0].empty() || words[1].empty()) return;
            const auto word = [&](std::size_t place) { return place < words.size() ? std::string_view(words[place]) : std::string_view(); };
            const auto ids = split<2>(word(2));
            if (words[0].front() == 'u') {
                AccountRow row;
                row.source = "sysusers", row.line = number, row.user = word(1);
                if (const auto id = read_id(ids.at[0])) row.uid = id->value;
                if (const auto id = read_id(ids.at[1])) row.gid = id->value;
                row.gecos = word(3), row.home = word(4), row.shell = word(5), row.entry = shortened(line);
                row.emit(sink);
            } else if (words[0].front() == 'g') {
                AccountGroupRow row;
                row.source = "sysusers", row.line = number, row.group_name = word(1), row.entry = shortened(line);
                if (const auto id = read_id(ids.at[0])) row.gid = id->value;
                row.emit(sink);
            } else if (words[0].front() == 'm' && !word(2).empty()) {
                GroupMemberRow row;
                row.source = "sysusers", row.line = number, row.user = word(1), row.group_name = word(2), row.part = "member";
                row.emit(sink);
            }
        }));
        keep_unless(false, file, sink);
        return {};
    }
};

class SubordinateIdsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto source = source_of(file.record().path);
        return each_entry(file, sink, [&](std::string_view line, std::int64_t number) {
            const auto field = split<3>(line);
            if (field.count < 3) return too_few(file, sink, number);
            SubordinateIdRow row;
            row.source = source, row.line = number, row.user = field.at[0];
            row.start = read_days(field.at[1]), row.count = read_days(field.at[2]);
            row.emit(sink);
        });
    }
};

}  // namespace

const plugin::Parser& passwd_parser() {
    static const PasswdParser parser;
    return parser;
}
const plugin::Parser& shadow_parser() {
    static const ShadowParser parser;
    return parser;
}
const plugin::Parser& group_parser() {
    static const GroupParser parser;
    return parser;
}
const plugin::Parser& gshadow_parser() {
    static const GshadowParser parser;
    return parser;
}
const plugin::Parser& login_defs_parser() {
    static const LoginDefsParser parser;
    return parser;
}
const plugin::Parser& login_shells_parser() {
    static const ShellsParser parser;
    return parser;
}
const plugin::Parser& sysusers_parser() {
    static const SysusersParser parser;
    return parser;
}
const plugin::Parser& subordinate_ids_parser() {
    static const SubordinateIdsParser parser;
    return parser;
}

}  // namespace deadbox::plugins::passwd
