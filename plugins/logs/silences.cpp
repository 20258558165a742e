// Logs of one daemon vouch for each other. Cron leaves a line in syslog (or cron.log) and one in auth.log whenever it
// runs something: where both have had one in every hour for weeks, and one is silent through a night in which the other
// shows cron at work, lines were taken out. A machine that was off, a daemon that stood still or a full disk silences
// both alike; a mail server's log that falls silent says only that there was no mail.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "logs/rules.hpp"

namespace deadbox::plugins::logs {
namespace {

using base::Next;
using plugin::RowView, plugin::Value;
using HourSet = std::vector<std::int64_t>;  // sorted

// "auth.log.2.gz", "auth.log-20260301": auth.log.
std::string_view stem(std::string_view name) {
    for (bool cut = true; cut;) {
        cut = false;
        for (const std::string_view suffix : {".gz", ".xz", ".bz2", ".zst", ".lz4", ".old", ".bak"}) {
            if (!name.ends_with(suffix) || name.size() == suffix.size()) continue;
            name.remove_suffix(suffix.size());
            cut = true;
        }
        const auto at = name.find_last_not_of("0123456789");
        if (at == std::string_view::npos || at == 0 || at + 1 == name.size()) continue;
        const auto digits = name.size() - at - 1;
        if ((name[at] == '.' && (digits <= 3 || digits == 8)) || (name[at] == '-' && digits >= 8)) {
            name = name.substr(0, at);
            cut = true;
        }
    }
    return name;
}

struct Family {
    std::int64_t system = 0;
    std::string folder, name;
    HourSet hours;
    std::set<std::int64_t> inodes;
    std::set<std::string> bases;  // how its times were read: families are comparable when these are equal
    std::int64_t newest = 0;      // the inode with the latest line
    std::int64_t newest_last = 0;
    bool complete = true, assumed_year = false;
};
using Key = std::array<std::string, 3>;  // tree, folder, stem

// Logs that are written when somebody comes, or now and then, vouch for nothing.
bool witnesses(const Family& family) {
    static constexpr std::array<std::string_view, 14> k_none{"boot.log", "firewall", "vsftpd.log", "xferlog", "rsyncd.log", "rsync.log", "proftpd.log", "pureftpd.log", "pure-ftpd.log", "transfer.log",
                                                             "sftp.log", "sftp-server.log", "ftp.log", "ftpd.log"};
    return std::find(k_none.begin(), k_none.end(), family.name) == k_none.end();
}

std::size_t count_between(const HourSet& hours, std::int64_t from, std::int64_t until) {  // both included
    return static_cast<std::size_t>(std::upper_bound(hours.begin(), hours.end(), until) - std::lower_bound(hours.begin(), hours.end(), from));
}

struct Quiet {
    std::int64_t from, until;  // hours without a line, both included
    std::int64_t length() const { return until - from + 1; }
};

constexpr std::int64_t k_short = 3;
constexpr std::size_t k_common = 100;  // hours that two logs must have had in common to vouch for each other
constexpr double k_together = 0.99;

std::vector<Quiet> quiet_stretches(const HourSet& hours) {
    std::vector<Quiet> all;
    for (std::size_t i = 1; i < hours.size(); ++i)
        if (hours[i] - hours[i - 1] - 1 >= k_short) all.push_back({hours[i - 1] + 1, hours[i] - 1});
    return all;
}

// How often `family` speaks in an hour in which `witness` speaks, within the family's span and outside `quiet`.
bool vouches(const Family& witness, const Family& family, const std::vector<Quiet>& quiet) {
    if (&witness == &family || witness.bases != family.bases || !witnesses(witness) || family.hours.empty()) return false;
    std::size_t spoken = 0, together = 0, place = 0;
    for (const auto hour : witness.hours) {
        if (hour < family.hours.front() || hour > family.hours.back()) continue;
        while (place < quiet.size() && quiet[place].until < hour) ++place;
        if (place < quiet.size() && quiet[place].from <= hour) continue;
        ++spoken;
        if (std::binary_search(family.hours.begin(), family.hours.end(), hour)) ++together;
    }
    return together >= k_common && static_cast<double>(together) >= k_together * static_cast<double>(spoken);
}

base::Result<std::map<Key, Family>> load(const plugin::CaseReader& reader) {
    std::map<Key, Family> families;
    TRY(reader.query("SELECT f.inode, f.system, p.folder, p.name, f.last_s, f.zone, f.complete AND ifnull(c.state, 0) <> 2, f.form, h.from_hour, h.bits FROM log_file f "
                     "JOIN inode_path p ON p.inode = f.inode JOIN log_hours h ON h.inode = f.inode LEFT JOIN content c ON c.inode = f.inode WHERE f.lines > 0 ORDER BY f.inode",
                     [&](const RowView& row) {
                         const auto name = stem(row.text(3));
                         auto& family = families[Key{std::to_string(row.integer(0) >> 44), std::string(row.text(2)), std::string(name)}];
                         family.system = row.integer(1), family.folder = row.text(2), family.name = name;
                         family.bases.emplace(row.text(5));
                         family.inodes.insert(row.integer(0));
                         family.complete = family.complete && row.integer(6) == 1;
                         family.assumed_year = family.assumed_year || row.text(7) != "iso";
                         if (family.newest == 0 || row.integer(4) > family.newest_last) family.newest = row.integer(0), family.newest_last = row.integer(4);
                         const auto first = row.integer(8);
                         const auto bits = row.text(9);
                         for (std::size_t i = 0; i < bits.size() * 8; ++i)
                             if ((static_cast<unsigned char>(bits[i / 8]) >> (i % 8)) & 1) family.hours.push_back(first + static_cast<std::int64_t>(i));
                         return Next::go_on;
                     }));
    for (auto& [key, family] : families) {
        std::sort(family.hours.begin(), family.hours.end());
        family.hours.erase(std::unique(family.hours.begin(), family.hours.end()), family.hours.end());
    }
    return families;
}

std::string span_text(const Quiet& quiet) { return day_and_minute(quiet.from * 3600) + " to " + day_and_minute((quiet.until + 1) * 3600); }

class Judge {
public:
    Judge(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::map<Key, Family>& families)
        : m_reader(reader), m_sink(sink), m_families(families) {}

    base::Result<void> judge(const Key& key, const Family& family) {
        constexpr std::size_t k_enough_hours = 72;
        if (family.hours.size() < k_enough_hours) return {};
        const auto quiet = quiet_stretches(family.hours);
        std::vector<const Family*> witnesses;
        for (const auto& [other_key, other] : m_families)
            if (other_key[0] == key[0] && other_key[1] == key[1] && vouches(other, family, quiet)) witnesses.push_back(&other);
        std::vector<std::pair<Quiet, const Family*>> removed;
        std::vector<Quiet> unexplained;
        for (const auto& stretch : quiet) {
            const Family* witness = nullptr;
            for (const auto* other : witnesses)
                if (count_between(other->hours, stretch.from, stretch.until) >= static_cast<std::size_t>(k_short)) witness = other;
            constexpr std::int64_t k_six_weeks = 42 * 24;  // a year that was guessed wrong opens a longer one
            const bool years_doubtful = family.assumed_year && stretch.length() > k_six_weeks;
            bool proven = false;
            if (witness != nullptr && family.complete && !years_doubtful) {
                TRY_ASSIGN(const auto elsewhere, cron_hours(family, Whose::others, stretch.from, stretch.until));
                TRY_ASSIGN(const auto before, cron_hours(family, Whose::own, stretch.from - k_day, stretch.from - 1));
                TRY_ASSIGN(const auto after, cron_hours(family, Whose::own, stretch.until + 1, stretch.until + k_day));
                proven = elsewhere >= k_short && before >= k_short && after >= k_short;
            }
            if (proven) removed.emplace_back(stretch, witness);
            else if (stretch.length() >= 6) unexplained.push_back(stretch);
        }
        if (!removed.empty()) report_removed(family, removed);
        TRY(judge_end(family, witnesses));
        return judge_gaps(family, quiet, unexplained);
    }

private:
    enum class Whose { own, others };
    static constexpr std::int64_t k_day = 26;

    // In how many hours of these (both included) cron is seen at work, in this family's logs or in its fellows'.
    base::Result<std::int64_t> cron_hours(const Family& family, Whose whose, std::int64_t from, std::int64_t until) const {
        std::set<std::int64_t> hours;
        const std::array<Value, 2> seconds = {from * 3600, until * 3600 + 3599};
        TRY(m_reader.query("SELECT s, inode FROM logged WHERE s BETWEEN ? AND ? AND (+type = 'cron.command' OR (+type = 'auth.session.opened' AND process IN ('CRON', 'CROND', 'crond')))",
                           seconds, [&](const RowView& row) {
                               const auto inode = row.integer(1);
                               const bool own = family.inodes.contains(inode);
                               if (own == (whose == Whose::own) && (inode >> 44) == (family.newest >> 44)) hours.insert(row.integer(0) / 3600);
                               return hours.size() < 48 ? Next::go_on : Next::stop;
                           }));
        return static_cast<std::int64_t>(hours.size());
    }

    plugin::FindingHead head(std::string_view rule, const Family& family) const {
        plugin::FindingHead head;
        head.rule = rule;
        head.system = family.system;
        head.subject = family.folder + "/" + family.name;
        head.basis = plugin::TimeBasis::log;
        return head;
    }

    void report_removed(const Family& family, const std::vector<std::pair<Quiet, const Family*>>& removed) {
        auto finding = head("logs/lines_removed", family);
        const auto& [first, witness] = removed.front();
        finding.arguments = {{"log", finding.subject}, {"span", span_text(first)}, {"witness", witness->folder + "/" + witness->name}, {"count", std::to_string(removed.size())}};
        finding.first = base::Timestamp{first.from * 3600, 0};
        finding.last = base::Timestamp{(removed.back().first.until + 1) * 3600, 0};
        m_sink.finding(finding);
        for (const auto& [stretch, other] : removed) {
            plugin::Item item;
            item.inode = family.newest;
            item.key = span_text(stretch) + ", while " + other->name + " goes on";
            m_sink.item(item);
        }
    }

    // The current log is empty or gone although its fellows go on.
    base::Result<void> judge_end(const Family& family, const std::vector<const Family*>& witnesses) {
        static constexpr std::string_view k_always[] = {"auth.log", "secure", "syslog", "messages", "cron", "cron.log"};
        if (std::find(std::begin(k_always), std::end(k_always), family.name) == std::end(k_always) || !family.complete) return {};
        constexpr std::size_t k_goes_on = 12;
        const Family* witness = nullptr;
        for (const auto* other : witnesses)
            if (count_between(other->hours, family.hours.back() + 1, other->hours.back()) >= k_goes_on) witness = other;
        if (witness == nullptr) return {};
        TRY_ASSIGN(const auto before, cron_hours(family, Whose::own, family.hours.back() - k_day, family.hours.back()));
        TRY_ASSIGN(const auto after, cron_hours(family, Whose::others, family.hours.back() + 1, witness->hours.back()));
        if (before < k_short || after < static_cast<std::int64_t>(k_goes_on)) return {};
        bool there = false, empty = false;
        std::int64_t inode = 0, directory = 0;
        const std::array<Value, 3> place = {std::string_view(family.folder), std::string_view(family.name), family.system};
        TRY(m_reader.query("SELECT inode, directory, size FROM file WHERE folder = ? AND name = ? AND system IS ? AND name_allocated = 1", place, [&](const RowView& row) {
            there = true, inode = row.integer(0), directory = row.integer(1), empty = row.integer(2) == 0;
            return Next::stop;
        }));
        if (there && !empty) return {};
        // Where the daemon's configuration no longer names the log, it ends by right; then the whole of it is old.
        constexpr std::int64_t k_two_months = 60 * 24;
        if (witness->hours.back() - family.hours.back() > k_two_months) return {};
        auto finding = head(there ? "logs/truncated" : "logs/removed", family);
        const Quiet since{family.hours.back() + 1, witness->hours.back()};
        finding.arguments = {{"log", finding.subject}, {"since", day_and_minute(since.from * 3600)}, {"witness", witness->folder + "/" + witness->name}};
        finding.first = base::Timestamp{since.from * 3600, 0};
        m_sink.finding(finding);
        plugin::Item item;
        if (there) item.inode = inode, item.directory = directory, item.name = family.name;
        else item.inode = family.newest;
        item.key = "no line after " + day_and_minute(since.from * 3600);
        m_sink.item(item);
        return {};
    }

    // Silences without a witness: where the log otherwise speaks every hour and no restart explains them.
    base::Result<void> judge_gaps(const Family& family, const std::vector<Quiet>& quiet, const std::vector<Quiet>& unexplained) {
        std::int64_t silent = 0;
        for (const auto& stretch : quiet) silent += stretch.length();
        const auto span = family.hours.back() - family.hours.front() + 1 - silent;
        if (static_cast<double>(family.hours.size()) < 0.95 * static_cast<double>(span) || family.hours.size() < 7 * 24) return {};
        std::vector<Quiet> odd;
        std::optional<Login> login;
        for (const auto& stretch : unexplained) {
            TRY_ASSIGN(const bool restarted, restart_near(stretch));
            if (restarted) continue;
            odd.push_back(stretch);
            if (login) continue;
            TRY_ASSIGN(login, login_within(family, stretch));
        }
        constexpr std::size_t k_few = 4;  // a machine that sleeps has many
        if (odd.empty() || odd.size() > k_few) return {};
        auto finding = head("logs/gap", family);
        finding.arguments = {{"log", finding.subject}, {"span", span_text(odd.front())}, {"count", std::to_string(odd.size())}, {"login", login ? login->user : ""}, {"at", login ? day_and_minute(login->time) : ""}};
        if (login) finding.severity = plugin::Severity::medium, finding.confidence = plugin::Confidence::likely;
        finding.first = base::Timestamp{odd.front().from * 3600, 0};
        finding.last = base::Timestamp{(odd.back().until + 1) * 3600, 0};
        m_sink.finding(finding);
        for (const auto& stretch : odd) {
            plugin::Item item;
            item.inode = family.newest;
            item.key = span_text(stretch);
            m_sink.item(item);
        }
        if (!login) return {};
        plugin::Item item;
        item.inode = login->inode, item.key = login->user, item.kind = plugin::KeyKind::account;
        m_sink.item(item);
        return {};
    }

    struct Login {
        std::int64_t inode = 0, time = 0;
        std::string user;
    };
    // Whoever comes in from elsewhere leaves a line in the log of logins, and a record in wtmp: where one has him and the other is silent
    // for hours around, they contradict each other.
    base::Result<std::optional<Login>> login_within(const Family& family, const Quiet& stretch) const {
        std::optional<Login> found;
        if (family.name != "auth.log" && family.name != "secure") return found;
        const std::array<Value, 2> seconds = {stretch.from * 3600 + 900, (stretch.until + 1) * 3600 - 900};
        TRY(m_reader.query("SELECT inode, s, user FROM logged WHERE s BETWEEN ? AND ? AND type = 'login.session.start' AND coalesce(address, json_extract(arguments, '$.host'), '') NOT IN ('', ':0') ORDER BY s, ns, id",
                           seconds, [&](const RowView& row) {
                               if ((row.integer(0) >> 44) != (family.newest >> 44)) return Next::go_on;
                               found = Login{row.integer(0), row.integer(1), std::string(row.text(2))};
                               return Next::stop;
                           }));
        return found;
    }

    base::Result<bool> restart_near(const Quiet& stretch) const {
        const std::array<Value, 4> hours = {stretch.from - 1, stretch.from, stretch.until, stretch.until + 2};
        bool found = false;
        TRY(m_reader.query("SELECT 1 FROM event_hour e JOIN kind k ON k.id = e.kind WHERE (e.hour BETWEEN ?1 AND ?2 OR e.hour BETWEEN ?3 AND ?4) "
                           "AND k.type IN ('kernel.boot', 'login.boot', 'system.shutdown', 'login.shutdown', 'login.runlevel') LIMIT 1",
                           hours, [&](const RowView&) {
                               found = true;
                               return Next::stop;
                           }));
        if (found) return true;
        const std::array<Value, 2> seconds = {(stretch.from + 1) * 3600, stretch.until * 3600};
        TRY(m_reader.query("SELECT 1 FROM log_silence WHERE restart = 1 AND silent_from_s <= ?1 AND silent_until_s >= ?2 LIMIT 1", seconds, [&](const RowView&) {
            found = true;
            return Next::stop;
        }));
        return found;
    }

    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
    const std::map<Key, Family>& m_families;
};

}  // namespace

base::Result<void> judge_silences(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    TRY_ASSIGN(const auto families, load(reader));
    Judge judge(reader, sink, families);
    for (const auto& [key, family] : families) TRY(judge.judge(key, family));
    return {};
}

}  // namespace deadbox::plugins::logs
