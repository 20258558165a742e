#include "engine/matching.hpp"

namespace deadbox::engine {
namespace {

// Records of logins and of what was run, which no topic reads yet: a machine may have them nowhere else.
struct UnreadLog {
    std::string_view area;
    const char* paths;
    const char* reason;
};
constexpr UnreadLog k_unread[] = {
    {"journald", "/{var,run}/log/journal/**.{journal,journal~}", "systemd's journal is not read: logins and messages that stand only there are not known"},
    {"auditd", "/var/log/audit/audit.log*", "the kernel's audit log is not read: commands and logins that stand only there are not known"},
    {"accounting", "/var/{log,account,log/account}/pacct*", "process accounting is not read: commands that stand only there are not known"},
    {"accounts", "/var/lib/systemd/home/*.identity", "accounts of systemd-homed are not read"},
};

}  // namespace

base::Result<void> note_unread_logs(Session& session, const std::string& wave) {
    if (session.writer.is_done(wave, "unread") || session.writer.is_done("content.triage", "unread")) return {};
    PathFilter filter;
    for (const auto& log : k_unread) filter.add(log.paths);
    TRY_ASSIGN(const auto matches, matching_files(session, filter));
    std::vector<std::pair<const UnreadLog*, const Match*>> found;
    TRY_ASSIGN(case_file::Statement size, session.database.prepare("SELECT size FROM inode WHERE id = ?"));
    for (const auto& log : k_unread) {
        const base::Glob glob(log.paths);
        for (const auto& match : matches) {
            if (!glob.matches(match.places.front().paths.front())) continue;
            size.bind(1, match.inode);
            TRY_ASSIGN(const bool there, size.step());
            if (there && size.integer(0) > 0) found.emplace_back(&log, &match);
            size.reset();
        }
    }
    if (found.empty()) return {};
    TRY(session.writer.begin_batch(wave, "unread"));
    for (const auto& [log, match] : found)
        TRY(session.writer.coverage_of({base::Gap::Level::limit, std::string(log->area), log->reason, match->places.front().paths.front(), ""}, match->inode, wave));
    return session.writer.finish_batch();
}

}  // namespace deadbox::engine
