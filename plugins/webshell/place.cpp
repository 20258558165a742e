#include "webshell/place.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/paths.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::webshell {
namespace {

using namespace std::string_view_literals;

template <std::size_t N> bool has_any(std::string_view text, const std::array<std::string_view, N>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.find(part) != text.npos; });
}
template <std::size_t N> bool is_one(std::string_view text, const std::array<std::string_view, N>& all) { return std::find(all.begin(), all.end(), text) != all.end(); }

// Of "access.log.2.gz" what a log's turning adds goes: "log".
std::string_view ending(std::string_view name) {
    for (;;) {
        const auto dot = name.rfind('.');
        if (dot == name.npos || dot == 0) return {};
        const auto end = name.substr(dot + 1);
        const bool number = !end.empty() && end.find_first_not_of("0123456789-") == end.npos;
        if (!number && !is_one(end, std::array{"gz"sv, "xz"sv, "bz2"sv, "zst"sv, "old"sv})) return end;
        name = name.substr(0, dot);
    }
}

// What PHP's packages, servlet containers, IIS and ColdFusion run as they are delivered. Not .phps: that shows the script.
constexpr std::array k_pages{"php"sv, "php3"sv, "php4"sv, "php5"sv, "php6"sv, "php7"sv, "php8"sv, "phtml"sv, "pht"sv, "phar"sv,
                             "jsp"sv, "jspx"sv, "jspf"sv, "asp"sv, "asa"sv, "cer"sv, "cdx"sv, "aspx"sv, "ashx"sv, "asmx"sv, "ascx"sv, "cfm"sv, "cfc"sv, "cfml"sv, "shtml"sv, "shtm"sv, "stm"sv, "cgi"sv};
constexpr std::array k_parts{"inc"sv, "module"sv, "install"sv, "theme"sv, "engine"sv, "profile"sv, "tpl"sv};
constexpr std::array k_rules{"yar"sv, "yara"sv, "ndb"sv, "hdb"sv, "ldb"sv, "hsb"sv, "db"sv, "rules"sv, "rule"sv, "conf"sv, "cfg"sv, "cnf"sv, "ini"sv, "yaml"sv, "yml"sv, "json"sv, "toml"sv, "xml"sv, "data"sv, "sig"sv, "sigs"sv};
constexpr std::array k_documents{"md"sv, "markdown"sv, "rst"sv, "adoc"sv, "txt"sv, "text"sv, "tex"sv, "org"sv, "html"sv, "htm"sv, "xhtml"sv, "csv"sv, "tsv"sv, "ipynb"sv, "pod"sv, "nse"sv, "rtf"sv, "doc"sv, "log"sv, "diff"sv, "patch"sv, "svg"sv, "phps"sv};
constexpr std::array k_dumps{"sql"sv, "dump"sv, "ibd"sv, "myd"sv, "myi"sv, "frm"sv, "sqlite"sv, "sqlite3"sv, "bson"sv, "wal"sv, "ldif"sv, "tar"sv, "cpio"sv, "zip"sv, "iso"sv, "img"sv, "pcap"sv, "pcapng"sv, "cap"sv};
constexpr std::array k_mails{"eml"sv, "mbox"sv, "mbx"sv, "emlx"sv, "msg"sv};

bool is_mail(std::string_view low, std::string_view name, std::string_view end) {
    static constexpr std::array folders{"/var/mail/"sv, "/var/spool/mail/"sv, "/var/vmail/"sv, "/var/spool/postfix/"sv, "/var/spool/exim"sv, "/maildir/"sv, "/.maildir/"sv};
    if (is_one(end, k_mails) || has_any(low, folders) || name == "mbox" || name == "sent" || name == "inbox") return true;
    // A mail in a Maildir: cur/1700000000.M1P2.host:2,S
    const auto folder = base::name_of(base::folder_of(low));
    return (folder == "cur" || folder == "new") && name.find('.') != name.npos && (name.find(":2,") != name.npos || name.find(".m") != name.npos);
}

}  // namespace

std::string_view name_of(Nature nature) {
    static constexpr std::array names{"page"sv, "part"sv, "log"sv, "mail"sv, "rules"sv, "document"sv, "dump"sv, "repository"sv, "text"sv};
    return names[static_cast<std::size_t>(nature)];
}

Nature nature_of(std::string_view path) {
    const auto low = plugin::lowered(path);
    const std::string name(base::name_of(low));
    const auto end = ending(name);
    // "x.php" is a page; "x.php.1" beside it is none.
    if (is_one(end, k_pages)) return name.ends_with(end) ? Nature::page : Nature::text;
    if (is_one(end, k_parts)) return name.ends_with(end) ? Nature::part : Nature::text;
    if (low.starts_with("/var/log/") || end == "log" || name == "syslog" || name == "messages") return Nature::log;
    if (is_mail(low, name, end)) return Nature::mail;
    static constexpr std::array repositories{"/.git/"sv, "/.svn/"sv, "/.hg/"sv, "/db/revs/"sv, ".git/objects/"sv};
    if (has_any(low, repositories)) return Nature::repository;
    if (is_one(end, k_dumps)) return Nature::dump;
    if (is_one(end, k_rules) || low.starts_with("/etc/")) return Nature::rules;
    if (is_one(end, k_documents) || name.starts_with("readme") || name.starts_with("changelog")) return Nature::document;
    return Nature::text;
}

bool is_customary_root(std::string_view path) {
    static constexpr std::array folders{"/var/www/"sv, "/srv/www/"sv, "/srv/http/"sv, "/htdocs/"sv, "/httpdocs/"sv, "/public_html/"sv, "/wwwroot/"sv, "/webapps/"sv, "/webroot/"sv, "/docroot/"sv, "/html/"sv, "/cgi-bin/"sv,
                                        "/inetpub/"sv, "/www/"sv, "/wp-content/"sv, "/wp-includes/"sv, "/wp-admin/"sv, "/public/"sv, "/domains/"sv, "/vhosts/"sv};
    return has_any(plugin::lowered(path), folders);
}

bool is_of_container(std::string_view path) {
    static constexpr std::array containers{"/var/lib/docker"sv, "/var/lib/containers"sv, "/var/lib/containerd"sv, "/var/lib/lxc"sv, "/var/lib/lxd"sv, "/var/lib/machines"sv, "/var/lib/kubelet"sv};
    return std::any_of(containers.begin(), containers.end(), [&](auto folder) { return base::is_at_or_below(path, folder); });
}

bool is_service_data(std::string_view path) { return base::is_at_or_below(path, "/var/lib") && !is_of_container(path); }

bool is_temporary(std::string_view path) {
    static constexpr std::array folders{"/tmp"sv, "/var/tmp"sv, "/dev/shm"sv};
    return std::any_of(folders.begin(), folders.end(), [&](auto folder) { return base::is_at_or_below(path, folder); });
}

bool is_source(std::string_view path) { return path.starts_with("/usr/src/") || path.starts_with("/usr/local/src/"); }

bool is_in_program_folder(std::string_view path) {
    const auto folder = base::folder_of(path);
    return folder.ends_with("/bin") || folder.ends_with("/sbin") || folder.find("/cron.") != folder.npos || folder == "/etc/init.d";
}

bool is_home(std::string_view path) { return (path.starts_with("/home/") || path.starts_with("/root/")) && !is_customary_root(path); }

bool holds_requests(std::string_view path) {
    static constexpr std::array folders{"/var/log"sv, "/var/lib/php"sv, "/var/mail"sv, "/var/spool/mail"sv};
    const auto name = base::name_of(path);
    return std::any_of(folders.begin(), folders.end(), [&](auto folder) { return base::is_at_or_below(path, folder); }) || name.starts_with("sess_") || ending(plugin::lowered(name)) == "log";
}

}  // namespace deadbox::plugins::webshell
