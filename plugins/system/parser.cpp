// os-release(5), hostname(5), machine-id(5), localtime(5), fstab(5), crypttab(5), hosts(5), kernels' names and headers.
#include <algorithm>

#include "base/bytes.hpp"
#include "content/fstab.hpp"
#include "system/fact.hpp"

namespace deadbox::plugins::system {
namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

struct Named {
    std::string_view name, key;
};
std::string_view key_of(std::span<const Named> list, std::string_view name) {
    for (const auto& one : list)
        if (one.name == name) return one.key;
    return {};
}

class OsReleaseParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        constexpr Named k_release[] = {{"PRETTY_NAME", "os.pretty_name"}, {"ID", "os.id"}, {"ID_LIKE", "os.id_like"}, {"VERSION_ID", "os.version_id"},
                                       {"VERSION_CODENAME", "os.codename"}, {"NAME", "os.name"}, {"VARIANT", "os.variant"}, {"BUILD_ID", "os.build"}};
        constexpr Named k_lsb[] = {{"DISTRIB_DESCRIPTION", "os.release"}};
        const auto keys = file.record().path.ends_with("lsb-release") ? std::span<const Named>(k_lsb) : std::span<const Named>(k_release);
        Facts facts(file, sink);
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            if (const auto setting = read_assignment(line))
                if (const auto key = key_of(keys, setting->first); !key.empty()) facts.add(key, setting->second, number);
        }));
        keep_small_text(file, sink);
        return {};
    }
};

// Files whose first line that is no comment is the fact.
class OneLineFactParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        constexpr Named k_files[] = {{"hostname", "host.name"}, {"HOSTNAME", "host.name"}, {"mailname", "host.mail_name"}, {"timezone", "time.zone"},
                                     {"machine-id", "machine.id"}, {"debian_version", "os.debian_version"}, {"redhat-release", "os.release"},
                                     {"centos-release", "os.release"}, {"alpine-release", "os.release"}, {"SuSE-release", "os.release"}, {"instance-id", "cloud.instance"}};
        const auto key = key_of(k_files, base_name(file.record().path));
        Facts facts(file, sink);
        bool done = false;
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            line = trimmed(line);
            if (done || line.empty() || line.front() == '#') return;
            done = true;
            if (line == "uninitialized") return;
            facts.add(key, line, number);
            // Releases before 7 have no os-release.
            const auto release = line.find("release ");
            if (key == "os.release" && release != std::string_view::npos && line.size() > release + 9 && line[release + 8] >= '3' && line[release + 8] <= '6' &&
                (line[release + 9] == '.' || line[release + 9] == ' '))
                facts.add("os.pretty_name", line, number);
        }));
        keep_small_text(file, sink);
        return {};
    }
};

class SystemSettingsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        constexpr Named k_keys[] = {{"HOSTNAME", "host.name"}, {"GATEWAY", "network.gateway"}, {"ZONE", "time.zone"}, {"TIMEZONE", "time.zone"}, {"TZ", "time.zone"},
                                    {"LANG", "system.locale"}, {"PRETTY_HOSTNAME", "host.pretty_name"}, {"DEPLOYMENT", "host.deployment"}, {"LOCATION", "host.location"}};
        Facts facts(file, sink);
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            if (const auto setting = read_assignment(line))
                if (const auto key = key_of(k_keys, setting->first); !key.empty()) facts.add(key, setting->second, number);
        }));
        keep_small_text(file, sink);
        return {};
    }
};

// A copied zone file: TZif version 2 and later end with a line that holds the rule, "\nCET-1CEST,M3.5.0,M10.5.0/3\n".
class LocaltimeParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY_ASSIGN(const auto bytes, plugin::read_all(file, 1 << 20));
        auto text = base::as_text(bytes);
        if (!text.starts_with("TZif")) return base::fail(base::Errc::corrupt, "/etc/localtime is no zone file");
        if (text.size() < 44 || text[4] < '2' || text.back() != '\n') return {};
        text.remove_suffix(1);
        const auto begin = text.rfind('\n');
        if (begin == std::string_view::npos || text.size() - begin > 256) return {};
        const auto rule = text.substr(begin + 1);
        if (std::all_of(rule.begin(), rule.end(), [](char c) { return c > ' ' && c < 0x7f; })) Facts(file, sink).add("time.rule", rule);
        return {};
    }
};

// Options without what follows password= and its kin.
std::string without_passwords(std::string_view options, bool& had) {
    std::string out;
    while (!options.empty()) {
        const auto comma = std::min(options.find(','), options.size());
        const auto option = options.substr(0, comma);
        options.remove_prefix(std::min(comma + 1, options.size()));
        if (!out.empty()) out += ',';
        const bool secret = option.starts_with("password=") || option.starts_with("pass=") || option.starts_with("passwd=") || option.starts_with("secret=");
        had |= secret;
        out += secret ? option.substr(0, option.find('=') + 1) : option;
    }
    return out;
}

class FstabParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY_ASSIGN(const auto bytes, plugin::read_all(file, 4 << 20));
        bool secret = false;
        for (const auto& entry : content::parse_fstab(base::as_text(bytes))) {
            const auto options = without_passwords(entry.options, secret);
            MountEntryRow row;
            row.device = std::string_view(entry.device).substr(0, k_longest_value), row.mount_point = std::string_view(entry.mount_point).substr(0, k_longest_value);
            row.type = std::string_view(entry.type).substr(0, k_longest_value), row.options = std::string_view(options).substr(0, k_longest_value);
            row.line = static_cast<std::int64_t>(entry.line);
            row.emit(sink);
        }
        if (!secret) keep_small_text(file, sink);
        return {};
    }
};

class CrypttabParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        Facts facts(file, sink);
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            line = trimmed(line);
            if (!line.empty() && line.front() != '#') facts.add("disk.encrypted", line, number);
        }));
        keep_small_text(file, sink);
        return {};
    }
};

class HostsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        Facts facts(file, sink);
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            line = trimmed(line.substr(0, line.find('#')));
            if (line.empty() || line.find("localhost") != std::string_view::npos || line.find("ip6-") != std::string_view::npos) return;
            facts.add("host.entry", line, number);
        }));
        keep_small_text(file, sink);
        return {};
    }
};

// The file's name carries the version. An x86 image says it too: "HdrS" at 0x202, at 0x20e the text's place less 0x200.
class KernelImageParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        Facts facts(file, sink);
        const auto name = base_name(file.record().path);
        if (const auto dash = name.find('-'); dash != std::string_view::npos) facts.add("kernel.version", name.substr(dash + 1));
        const auto head = file.head();
        const auto text = base::as_text(head);
        if (text.size() < 0x210 || text.substr(0x202, 4) != "HdrS") return {};
        const std::size_t at = base::load_le16(head, 0x20e) + std::size_t{0x200};
        if (at <= 0x200 || at >= text.size()) return {};
        const auto build = text.substr(at, std::min<std::size_t>(text.find('\0', at), at + 256) - at);
        if (std::all_of(build.begin(), build.end(), [](char c) { return c >= ' ' && c < 0x7f; })) facts.add("kernel.build", build);
        return {};
    }
};

class KernelModulesParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto path = std::string_view(file.record().path);
        if (!path.ends_with("/modules.order")) return {};
        const auto folder = path.substr(0, path.rfind('/'));
        Facts(file, sink).add("kernel.modules", base_name(folder));
        return {};
    }
};

}  // namespace

const plugin::Parser& os_release_parser() {
    static const OsReleaseParser parser;
    return parser;
}
const plugin::Parser& one_line_fact_parser() {
    static const OneLineFactParser parser;
    return parser;
}
const plugin::Parser& system_settings_parser() {
    static const SystemSettingsParser parser;
    return parser;
}
const plugin::Parser& localtime_parser() {
    static const LocaltimeParser parser;
    return parser;
}
const plugin::Parser& fstab_parser() {
    static const FstabParser parser;
    return parser;
}
const plugin::Parser& crypttab_parser() {
    static const CrypttabParser parser;
    return parser;
}
const plugin::Parser& hosts_parser() {
    static const HostsParser parser;
    return parser;
}
const plugin::Parser& kernel_image_parser() {
    static const KernelImageParser parser;
    return parser;
}
const plugin::Parser& kernel_modules_parser() {
    static const KernelModulesParser parser;
    return parser;
}

}  // namespace deadbox::plugins::system
