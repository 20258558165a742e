// Programs against packages, one system after the other.
#include "plugin/detector.hpp"

#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

// Somebody else's build of the same versions, as another distribution makes them: so many packages are as their own lists have them,
// and not as published, that nobody can have changed them all.
bool are_of_another_build(const Packaged& packaged) {
    std::size_t held = 0, other = 0;
    for (const auto& package : packaged.packages) held += package.held > 0 ? 1 : 0, other += package.other_build > 0 ? 1 : 0;
    return other >= 3 && (other * 4 > held * 3 || (held >= 8 && other * 4 > held));
}

class BinariesDetector final : public plugin::Detector {
public:
    bool may_run_early() const override { return true; }
    base::Result<void> prepare(const std::string& resources) const override {
        TRY(m_importance.load(resources + "/importance.tsv"));
        return m_privileges.load(resources + "/../privilege");
    }

    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        std::vector<std::int64_t> systems;
        TRY(reader.query("SELECT id FROM system ORDER BY id", [&](const plugin::RowView& row) {
            systems.push_back(row.integer(0));
            return base::Next::go_on;
        }));
        for (const auto system : systems) TRY(detect_system(reader, sink, system));
        return {};
    }

private:
    base::Result<void> detect_system(const plugin::CaseReader& reader, plugin::FindingSink& sink, std::int64_t system) const {
        plugin::FolderLinks links(reader, system);
        TRY(links.load());
        TRY_ASSIGN(auto packaged, Packaged::load(reader, system, links, Packaged::Trust::sets_first));
        if (packaged.files.empty()) {
            for (const char* other : {"/var/lib/rpm", "/usr/lib/sysimage/rpm", "/lib/apk/db", "/usr/lib/apk/db", "/var/lib/pacman/local"})
                if (links.exists(other)) {
                    sink.gap({base::Gap::Level::gap, "binaries", "package database of a kind that is not read: programs were not compared", other, ""});
                    return {};
                }
            sink.gap({base::Gap::Level::limit, "binaries", "no package database was found: programs were not compared", "", ""});
            return {};
        }
        Scan found(system);
        TRY(scan(reader, packaged, m_importance, found));
        if (are_of_another_build(packaged)) {
            sink.gap({base::Gap::Level::gap, "binaries", "the packages in the trust set are another build than those of the machine: not used", "/var/lib/dpkg", ""});
            TRY_ASSIGN(packaged, Packaged::load(reader, system, links, Packaged::Trust::image_alone));
            found = Scan(system);
            TRY(scan(reader, packaged, m_importance, found));
        }
        if (found.unhashed > 0)
            sink.gap({base::Gap::Level::limit, "binaries", "packaged programs and libraries whose content was not read", "/usr", std::to_string(found.unhashed)});
        if (found.dropped > 0)
            sink.gap({base::Gap::Level::limit, "binaries", "more files stand out than are judged one by one", "/usr", std::to_string(found.dropped)});
        TRY(excuse_known(reader, packaged, found));
        const Court court{reader, sink, m_importance, packaged, links, found};
        TRY(judge_differing(court));
        judge_known(court);
        judge_rewritten(court);
        TRY(judge_missing(court));
        TRY(judge_unowned(court));
        TRY(judge_stand_ins(court));
        TRY(judge_database(court));
        judge_lost_digests(court);
        return judge_privilege(court, m_privileges);
    }

    mutable ImportanceList m_importance;
    mutable PrivilegeList m_privileges;
};

}  // namespace

plugin::FindingHead Court::head(std::string_view rule, std::string subject) const {
    plugin::FindingHead head;
    head.rule = rule, head.system = scan.system, head.subject = std::move(subject);
    return head;
}

std::string rfc3339(const std::optional<std::int64_t>& seconds, const std::optional<std::int64_t>& nanoseconds) {
    if (!seconds) return "";
    return base::to_rfc3339({*seconds, static_cast<std::uint32_t>(nanoseconds.value_or(0))});
}

const plugin::Detector& binaries_detector() {
    static const BinariesDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::binaries
