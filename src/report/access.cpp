#include "report/access.hpp"

#include "base/byte_cursor.hpp"
#include "case/view_files.hpp"

namespace deadbox::report {
namespace {

constexpr std::string_view k_acl = "system.posix_acl_access";
constexpr int k_deepest = 1024;  // folders above a file; a loop of damaged parents ends here

// Access lists in use: named users and groups count only as far as the mask goes.
std::string_view granted_by_list(const Rights& rights, const FileRights& file, unsigned wanted) {
    base::ByteCursor cursor(base::as_bytes(file.acl));
    if (cursor.le32() != 2) return {};
    unsigned mask = 7, others = 0, owning = 0;
    std::optional<unsigned> user;
    bool in_group = rights.groups.contains(file.gid), group_grants = false;
    std::vector<unsigned> groups;
    while (cursor.left() >= 8) {
        const unsigned tag = cursor.le16(), perm = cursor.le16();
        const std::int64_t id = cursor.le32();
        if (!cursor.ok()) return {};
        if (tag == 2 && id == rights.uid) user = perm;
        else if (tag == 4) owning = perm;
        else if (tag == 8 && rights.groups.contains(id)) groups.push_back(perm);
        else if (tag == 16) mask = perm;
        else if (tag == 32) others = perm;
    }
    if (user) return (*user & mask & wanted) == wanted ? "acl" : "";
    if (in_group) groups.push_back(owning);
    for (const auto perm : groups) group_grants |= (perm & mask & wanted) == wanted;
    if (!groups.empty()) return group_grants ? "acl" : "";
    return (others & wanted) == wanted ? "others" : "";
}

}  // namespace

std::string_view granted_by(const Rights& rights, const FileRights& file, unsigned wanted) {
    if (rights.uid == 0) return "root";
    if (rights.uid == file.uid) return (file.mode >> 6 & wanted) == wanted ? "owner" : "";
    if (!file.acl.empty()) return granted_by_list(rights, file, wanted);
    if (rights.groups.contains(file.gid)) return (file.mode >> 3 & wanted) == wanted ? "group" : "";
    return (file.mode & wanted) == wanted ? "others" : "";
}

base::Result<Access> Access::open(const case_file::View& view) {
    TRY_ASSIGN(auto inode, view.prepare("SELECT mode, uid, gid, attributes, parent FROM inode WHERE id = ?1"));
    return Access(std::move(inode));
}

base::Result<std::optional<Access::Row>> Access::row(std::int64_t inode) {
    m_inode.reset();
    m_inode.bind(1, inode);
    TRY_ASSIGN(const bool found, m_inode.step());
    if (!found) return std::nullopt;
    Row row{static_cast<std::uint32_t>(m_inode.integer(0)), static_cast<std::uint32_t>(m_inode.integer(1)), static_cast<std::uint32_t>(m_inode.integer(2)), {}, m_inode.maybe_integer(4)};
    if (!m_inode.is_null(3))
        for (auto& [name, value] : case_file::attributes_of(base::as_text(m_inode.blob(3))))
            if (name == k_acl) row.acl = std::move(value);
    return std::optional(std::move(row));
}

base::Result<bool> Access::passes(const Rights& rights, std::int64_t folder) {
    std::vector<std::int64_t> asked;
    bool open = true;
    for (int depth = 0; depth < k_deepest && folder != 0; ++depth) {
        const auto known = m_folders.find({rights.uid, folder});
        if (known != m_folders.end()) {
            open = known->second;
            break;
        }
        asked.push_back(folder);
        TRY_ASSIGN(const auto one, row(folder));
        if (!one) break;
        open = !granted_by(rights, {one->mode, one->uid, one->gid, one->acl}, 1).empty();
        if (!open || !one->parent || *one->parent == folder) break;
        folder = *one->parent;
    }
    // Closed is closed for everything below; open holds for all that were passed.
    for (const auto one : asked) m_folders[{rights.uid, one}] = open;
    return open;
}

base::Result<std::string_view> Access::reads(const Rights& rights, std::int64_t inode) {
    if (rights.uid == 0) return "root";
    TRY_ASSIGN(const auto one, row(inode));
    if (!one) return "";
    const auto by = granted_by(rights, {one->mode, one->uid, one->gid, one->acl}, 4);
    if (by.empty()) return "";
    TRY_ASSIGN(const bool open, passes(rights, one->parent.value_or(0)));
    return open ? by : std::string_view();
}

}  // namespace deadbox::report
