#include "case/same_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadbox::case_file {
namespace {

struct KnownVolume : OpenedVolume {
    std::int64_t evidence = 0;
};

// "1.2" of media 1 is ".2": media that could not be opened before leave other numbers to those behind them.
std::string_view within(std::string_view id) { return id.substr(std::min(id.find('.'), id.size())); }

base::Result<std::vector<KnownVolume>> volumes_of_case(const Database& database) {
    TRY_ASSIGN(Statement rows, database.prepare("SELECT v.evidence, v.label_id, v.type, v.filesystem, v.uuid, v.start, v.size, coalesce(t.id, -1) "
                                                "FROM volume v LEFT JOIN tree t ON t.volume = v.id ORDER BY v.id"));
    std::vector<KnownVolume> all;
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return all;
        KnownVolume volume;
        volume.evidence = rows.integer(0), volume.id = rows.text(1), volume.type = rows.text(2), volume.filesystem = rows.text(3), volume.uuid = rows.text(4);
        volume.start = rows.integer(5), volume.size = rows.integer(6), volume.tree = rows.integer(7);
        all.push_back(std::move(volume));
    }
}

std::string words_of(const OpenedVolume& v) {
    return fmt::format("{} from byte {}, {} bytes{}{}", v.filesystem.empty() ? "a volume" : v.filesystem, v.start, v.size, v.uuid.empty() ? "" : ", UUID ", v.uuid);
}

std::string volume_difference(const std::vector<const KnownVolume*>& known, const std::vector<OpenedVolume>& opened) {
    for (std::size_t i = 0; i < std::max(known.size(), opened.size()); ++i) {
        if (i >= known.size()) return "the case does not know its volume " + words_of(opened[i]);
        if (i >= opened.size()) return "it lacks the volume " + words_of(*known[i]);
        const OpenedVolume& a = *known[i];
        const auto& b = opened[i];
        const bool same = within(a.id) == within(b.id) && a.start == b.start && a.size == b.size && a.type == b.type && a.filesystem == b.filesystem && a.uuid == b.uuid && a.tree == b.tree;
        if (!same) return fmt::format("the case has {}, and it has {}", words_of(a), words_of(b));
    }
    return {};
}

// How many marks that both have are others; a mark of zeros is none.
struct Marks {
    std::size_t compared = 0, differing = 0;
};
Marks compare_marks(std::string_view known, std::string_view found) {
    Marks marks;
    const std::string none(k_mark, '\0');
    for (std::size_t at = 0; at + k_mark <= std::min(known.size(), found.size()); at += k_mark) {
        const auto a = known.substr(at, k_mark), b = found.substr(at, k_mark);
        if (a == none || b == none) continue;
        ++marks.compared;
        if (a != b) ++marks.differing;
    }
    return marks;
}

}  // namespace

base::Result<SameEvidence> same_evidence(const Database& database, const std::vector<OpenedMedia>& opened) {
    SameEvidence result;
    TRY_ASSIGN(const auto volumes, volumes_of_case(database));
    // A case from before version 3 that is only read has no such column.
    TRY_ASSIGN(Statement column, database.prepare("SELECT 1 FROM pragma_table_info('evidence') WHERE name = 'samples'"));
    TRY_ASSIGN(const bool sampled, column.step());
    TRY_ASSIGN(Statement rows, database.prepare(fmt::format("SELECT id, argument, identity, media_size, {} FROM evidence WHERE error IS NULL ORDER BY id", sampled ? "samples" : "NULL")));
    std::size_t place = 0;
    for (;; ++place) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) break;
        const auto name = fmt::format("image {}, {}", place + 1, place < opened.size() ? std::string_view(opened[place].name) : rows.text(1));
        const auto differs = [&](const std::string& how) { result.differences.push_back(name + ": " + how); };
        if (place >= opened.size() || opened[place].identity.empty()) {
            differs("it is missing or could not be opened");
            continue;
        }
        const auto& media = opened[place];
        if (media.size != rows.integer(3)) {
            differs(fmt::format("the media of the case has {} bytes, this one {}", rows.integer(3), media.size));
            continue;
        }
        if (media.identity != rows.text(2)) {
            differs("the first MiB of the media is another");
            continue;
        }
        std::vector<const KnownVolume*> known;
        for (const auto& volume : volumes)
            if (volume.evidence == rows.integer(0)) known.push_back(&volume);
        if (const auto how = volume_difference(known, media.volumes); !how.empty()) {
            differs(how);
            continue;
        }
        const auto marks = compare_marks(rows.is_null(4) ? std::string_view() : base::as_text(rows.blob(4)), media.marks);
        if (marks.differing > 0) differs(fmt::format("{} of {} places that were looked at hold other bytes: it is another machine's disk, or it has changed since", marks.differing, marks.compared));
        else if (marks.compared == 0) result.not_compared.push_back(name + ": only the size, the first MiB and the volumes; the case has no marks of places all over the media, by which copies of one template are told apart");
    }
    if (place < opened.size()) result.differences.push_back("the case has fewer images");
    return result;
}

}  // namespace deadbox::case_file
