// When and how an account came to be: the time of installation, and what vouches for a later change.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/timestamp.hpp"
#include "plugin/detector.hpp"

namespace deadbox::plugins::accounts {

// Times at which a system was installed or started for the first time.
//   burst    the first unbroken run of package installations (gaps of at most two hours)
//   marks    files that installers, cloud-init and the first start write once
// A system that was put together as a tree and then packed into a file system shows inode changes older than births;
// a file that was written after the packing does not.
class Installation {
public:
    static base::Result<std::map<std::int64_t, Installation>> read(const plugin::CaseReader& reader);
    // The change at `time`, seen in a file with these inode times, belongs to the installation.
    bool covers(base::Timestamp time, bool written_after_packing) const;
    // The system was copied or unpacked as a whole after this moment: what inodes say of earlier times is hearsay.
    bool copied_after(base::Timestamp time) const { return m_bulk_start && *m_bulk_start > time.seconds; }
    bool packed() const { return m_files >= 20 && m_packed_files * 5 >= m_files * 4; }

private:
    struct Mark {
        std::int64_t s = 0;
        bool after_packing = false;
    };
    std::optional<std::int64_t> m_first, m_burst_end;
    std::vector<Mark> m_marks;
    std::int64_t m_files = 0, m_packed_files = 0;  // of /etc
    std::optional<std::int64_t> m_bulk_start;  // of the minutes in which most inodes of /etc changed
    std::vector<std::int64_t> m_lists, m_changes;
    void close();
};

// A record of the logs about accounts.
struct Record {
    std::string type, user, group, home, shell, command, tty;
    std::optional<std::int64_t> uid, inode, line, offset;
    base::Timestamp time;
};

// Those of one system, in time order; with the span that the authentication logs of the case cover.
class Records {
public:
    static base::Result<std::map<std::int64_t, Records>> read(const plugin::CaseReader& reader);
    std::optional<std::int64_t> first, last;
    std::vector<Record> removals, commands;
    // The last of its kind, or nullptr.
    const Record* addition(std::string_view user) const { return find(m_additions, std::string(user)); }
    const Record* membership(std::string_view user, std::string_view group) const { return find(m_memberships, std::string(user) + '\0' + std::string(group)); }

private:
    using Last = std::unordered_map<std::string, Record>;
    static const Record* find(const Last& list, const std::string& key) {
        const auto found = list.find(key);
        return found == list.end() ? nullptr : &found->second;
    }
    Last m_additions, m_memberships;
};

// dpkg, rpm or another manager was at work within `seconds` of this moment.
base::Result<bool> package_activity(const plugin::CaseReader& reader, base::Timestamp time, std::int64_t seconds);

}  // namespace deadbox::plugins::accounts
