// Who may read a file: its mode, owner and access list, and the folders above it.
//   system.posix_acl_access = version:u32le(2) { tag:u16le perm:u16le id:u32le }   tag 1 owner, 2 user, 4 owning group, 8 group,
//                                                                                    16 mask, 32 others; perm 4 read, 1 search
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "case/view.hpp"

namespace deadbox::report {

struct Rights {
    std::int64_t system = 0, uid = 0;
    std::set<std::int64_t> groups;
};
struct FileRights {
    std::uint32_t mode = 0, uid = 0, gid = 0;
    std::string_view acl;  // as above, "" for none
};
// By what `rights` have all of `wanted` (4 read, 2 write, 1 search) on a file: root, owner, acl, group, others. "" where they have not.
std::string_view granted_by(const Rights& rights, const FileRights& file, unsigned wanted);

// Looks up files of a case; remembers which folders can be passed. Use from one thread, while `view` lives.
class Access {
public:
    static base::Result<Access> open(const case_file::View& view);
    // How `rights` may read the file with this row id; "" where they may not.
    base::Result<std::string_view> reads(const Rights& rights, std::int64_t inode);

private:
    explicit Access(case_file::Statement inode) : m_inode(std::move(inode)) {}
    struct Row {
        std::uint32_t mode = 0, uid = 0, gid = 0;
        std::string acl;
        std::optional<std::int64_t> parent;
    };
    base::Result<std::optional<Row>> row(std::int64_t inode);
    base::Result<bool> passes(const Rights& rights, std::int64_t folder);

    case_file::Statement m_inode;
    std::map<std::pair<std::int64_t, std::int64_t>, bool> m_folders;  // (uid, folder)
};

}  // namespace deadbox::report
