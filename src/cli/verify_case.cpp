#include "cli/verify_case.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/seal.hpp"
#include "report/build.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {

using proof::Outcome;

base::Result<void> check_custody(const case_file::View& view, const std::vector<Anchor>& anchors, std::vector<proof::Check>& checks) {
    TRY_ASSIGN(const auto verdict, case_file::verify_chain(view.database()));
    if (verdict.first_broken) {
        checks.push_back({"custody", Outcome::differs, fmt::format("custody row {} does not follow from the one before it", *verdict.first_broken)});
        return {};
    }
    const auto head = base::to_hex(base::ByteView(verdict.head));
    checks.push_back({"custody", Outcome::holds, fmt::format("{} entries follow from each other; head {}", verdict.entries, head)});
    std::int64_t anchored = 0;
    for (const auto& anchor : anchors) {
        std::int64_t place = 0;
        TRY(case_file::custody_entries(view.database(), [&](const case_file::CustodyEntry& entry) {
            if (base::to_hex(base::ByteView(entry.hash)).starts_with(anchor.head)) place = entry.id;
            return place > 0 ? base::Next::stop : base::Next::go_on;
        }));
        anchored = std::max(anchored, place);
        if (place > 0) checks.push_back({"anchor", Outcome::holds, fmt::format("the head that {} names is entry {} of {}: the chain up to there is what it was then", anchor.from, place, verdict.entries)});
        else checks.push_back({"anchor", Outcome::differs, fmt::format("the head that {} names does not stand in the chain: rows were cut off, the chain was made anew, or it is the head of another case", anchor.from)});
    }
    if (anchored == 0)
        checks.push_back({"custody", Outcome::outside, "that the whole chain was not made anew, nor its end cut off, nor anything appended to it: give a report of this case (--report) or a head that was written down (--anchor)"});
    else if (anchored < verdict.entries)
        checks.push_back({"custody", Outcome::outside, fmt::format("that none of the {} entries after the anchor was changed, cut off or appended later: a later report or head would show it", verdict.entries - anchored)});
    return {};
}

namespace {

// "table account", "table account, batch 11 (wave configure, unit 0:0)" in words; what is a sentence already stays.
std::string in_words(const std::string& difference) {
    constexpr std::string_view k_table = "table ", k_batch = ", batch ";
    if (!difference.starts_with(k_table) || difference.ends_with(" is gone")) return difference;
    const auto name = difference.substr(k_table.size(), difference.find_first_of(" ,:", k_table.size()) - k_table.size());
    const auto rest = difference.substr(k_table.size() + name.size());
    // What people write is told in the log: it may be the log that lacks its end.
    if (rest.empty() && (name == "meta" || name == "mark" || name == "note")) return fmt::format("table {} was changed, or the custody log's last entries, which tell how it came to be so, were cut off", name);
    if (rest.empty()) return name == "sqlite_schema" ? "the layout of the case was changed: its tables, indexes or triggers are not those that were written" : fmt::format("table {} was changed", name);
    if (rest.starts_with(k_batch)) return fmt::format("table {} was changed: rows of batch {}", name, rest.substr(k_batch.size()));
    return difference;
}

}  // namespace

base::Result<void> check_tables(const case_file::View& view, std::vector<proof::Check>& checks) {
    TRY_ASSIGN(const auto differences, case_file::differences(view.database()));
    for (const auto& difference : differences) {
        // A table of which the changed rows are named below need not be named twice.
        const bool said = std::any_of(differences.begin(), differences.end(), [&](const auto& other) { return other.starts_with(difference + ", batch "); });
        if (!said) checks.push_back({"case", Outcome::differs, in_words(difference)});
    }
    TRY_ASSIGN(const auto unsealed, case_file::unsealed_tables(view.database()));
    if (unsealed.empty()) {
        if (differences.empty()) checks.push_back({"case", Outcome::holds, "every table is as it was when the analysis ended"});
        return {};
    }
    if (differences.empty()) checks.push_back({"case", Outcome::holds, "what was written in finished batches is as it was then, and so are the tables that an analysis never touches"});
    checks.push_back({"case", Outcome::not_checkable, fmt::format("the analysis was not finished: only its batches were compared, not the tables {}; go on with it by deadbox analyze --resume", fmt::join(unsealed, ", "))});
    // The entry that says so needs no key.
    checks.push_back({"case", Outcome::outside, "that an analysis was really begun and not finished, and is not merely said to be, so that these tables are not compared: a report or a head from before shows up to where the chain is what it was then"});
    return {};
}

base::Result<void> check_expected(const case_file::View& view, std::vector<proof::Check>& checks) {
    TRY_ASSIGN(const auto evidence, case_file::evidence(view));
    for (const auto& row : evidence) {
        const auto name = row.files.empty() ? std::to_string(row.id) : row.files.front().path;
        if (const auto acquired = report::acquisition_of(row); acquired && acquired->matches) {
            if (*acquired->matches) checks.push_back({"acquisition", Outcome::holds, name + ": the media are those that the acquisition stored a digest of"});
            else checks.push_back({"acquisition", Outcome::differs, name + ": THE EVIDENCE IS NOT WHAT WAS ACQUIRED: the digest that the image stores is not that of its media"});
        }
        if (row.expected.empty()) continue;
        const auto matches = report::equal_digest(row.expected, row);
        if (!matches) checks.push_back({"expected", Outcome::not_checkable, name + ": the case has no digest of the kind that --expect-hash gave: " + row.expected});
        else if (*matches) checks.push_back({"expected", Outcome::holds, name + ": the digest that --expect-hash gave is the one that was read: " + row.expected});
        else checks.push_back({"expected", Outcome::differs, name + ": THE EVIDENCE IS NOT WHAT WAS EXPECTED: --expect-hash gave " + row.expected});
    }
    return {};
}

namespace {

// The files of a container hold more than the media: headers, tables, the acquisition's own digests. Only those that the case
// knows can be compared; the media may have been read from others.
void check_containers(const case_file::EvidenceRow& row, const serve::MediaDescription& now, const serve::MediaDigests& digests, std::vector<proof::Check>& checks) {
    const auto base_name = [](const std::string& path) { return path.substr(path.rfind('/') + 1); };
    std::vector<std::string> not_seen;
    for (std::size_t place = 0; place < row.files.size(); ++place) {
        const auto& file = row.files[place];
        if (file.sha256.empty() || file.sha256 == row.media_sha256) continue;  // a raw image is its media
        const bool counterpart = now.format == row.format && place < digests.files.size() && place < now.files.size() && !digests.files[place].empty();
        const auto is = counterpart ? base::to_hex(digests.files[place]) : std::string();
        if (is == file.sha256) checks.push_back({"evidence", Outcome::holds, fmt::format("{}: SHA-256 of the file is {}", now.files[place], is)});
        else if (counterpart && base_name(now.files[place]) == base_name(file.path)) checks.push_back({"evidence", Outcome::differs, fmt::format("{}: the file has changed: its SHA-256 is {}, not {}", now.files[place], is, file.sha256)});
        else not_seen.push_back(file.path);
    }
    if (!not_seen.empty())
        checks.push_back({"evidence", Outcome::not_checkable, fmt::format("the container files of the case were not looked at ({}): the media was read from {}, format {}", fmt::join(not_seen, ", "), now.files.empty() ? now.argument : now.files.front(), now.format)});
}

}  // namespace

base::Result<Media> check_media(const case_file::View& view, const std::vector<std::string>& moved, std::vector<proof::Check>& checks) {
    TRY_ASSIGN(const auto evidence, case_file::evidence(view));
    const auto reader = serve::EvidenceReader::open_case(view.database(), moved, serve::OtherEvidence::told);
    if (!reader) {
        // Files that are there and do not open as they did have changed; files that are elsewhere cannot be checked.
        bool there = true;
        for (std::size_t i = 0; i < evidence.size(); ++i) {
            if (!evidence[i].error.empty() || evidence[i].files.empty()) continue;
            const auto& place = i < moved.size() ? moved[i] : evidence[i].files.front().path;
            there = there && ::access(place.c_str(), R_OK) == 0;
        }
        checks.push_back({"evidence", there ? Outcome::differs : Outcome::not_checkable, reader.error().what});
        return there ? Media::read : Media::not_opened;
    }
    for (const auto& difference : (*reader)->same_as_case().differences) checks.push_back({"evidence", Outcome::differs, "this is not the evidence of the case: " + difference});
    const auto& media = (*reader)->description().media;
    std::size_t opened = 0;
    for (const auto& row : evidence) {
        const auto of_case = row.files.empty() ? std::to_string(row.id) : row.files.front().path;
        if (!row.error.empty()) {
            checks.push_back({"evidence", Outcome::not_checkable, of_case + ": " + row.error});
            continue;
        }
        const std::size_t i = opened++;
        const auto found = std::find_if(media.begin(), media.end(), [&](const auto& one) { return one.index == i; });
        if (found == media.end()) continue;  // it is missing, as was said
        const auto name = found->files.empty() ? found->argument : found->files.front();  // what is read now
        if (row.media_sha256.empty()) {
            checks.push_back({"evidence", Outcome::not_checkable, of_case + ": the case has no digest of its media"});
            continue;
        }
        TRY_ASSIGN(const auto digests, (*reader)->digest(i, false));
        const auto media_is = base::to_hex(digests.sha256);
        const bool same = media_is == row.media_sha256;
        checks.push_back({"evidence", same ? Outcome::holds : Outcome::differs, same ? fmt::format("{}: SHA-256 of the media is {}", name, media_is) : fmt::format("{}: the media has changed: its SHA-256 is {}, not {}", name, media_is, row.media_sha256)});
        check_containers(row, *found, digests, checks);
    }
    return Media::read;
}

}  // namespace deadbox::cli
