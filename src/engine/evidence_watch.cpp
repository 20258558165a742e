#include "engine/evidence_watch.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/timestamp.hpp"
#include "case/custody.hpp"
#include "case/view.hpp"
#include "engine/waves.hpp"

namespace deadbox::engine {
namespace {

constexpr std::uint64_t k_kernel_sector = 512;

std::string text_of(const timespec& time) { return base::to_rfc3339({time.tv_sec, static_cast<std::uint32_t>(time.tv_nsec)}); }

bool same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

nlohmann::json json_of(const devices::Device& device) {
    nlohmann::json uses = nlohmann::json::array();
    for (const auto& use : device.uses)
        uses.push_back({{"device", use.device}, {"as", use.as}, {"kind", use.kind}, {"place", base::to_utf8(use.place)}, {"writable", use.writable}});
    return {{"device", device.path}, {"model", base::to_utf8(device.model)}, {"serial", base::to_utf8(device.serial)}, {"size", device.size}, {"read_only", device.read_only},
            {"sectors_written", device.sectors_written}, {"uses", uses}};
}

std::string uses_in_words(const devices::Device& device) {
    std::string words = device.path;
    for (const auto& use : device.uses)
        if (use.writable) words += ", " + use.device + " " + use.as + (use.kind.empty() ? "" : " (" + use.kind + ")") + (use.place.empty() ? "" : " " + use.place);
    return words;
}

}  // namespace

EvidenceWatch::State EvidenceWatch::state_of(const std::string& path) {
    State state;
    struct stat status {};
    if (path.starts_with("fd:")) {
        int inherited = -1;
        std::from_chars(path.data() + 3, path.data() + path.size(), inherited);
        state.there = ::fstat(inherited, &status) == 0;
    } else {
        state.there = ::stat(path.c_str(), &status) == 0;
    }
    if (!state.there) return state;
    if (S_ISBLK(status.st_mode)) {
        state.device = devices::device_of(status.st_rdev);
        if (state.device) state.size = static_cast<std::int64_t>(state.device->size);
        return state;
    }
    state.size = status.st_size, state.modified = status.st_mtim, state.changed = status.st_ctim;
    return state;
}

std::string EvidenceWatch::difference(const State& before, const State& after) {
    if (before.there && !after.there) return "it is not there any more";
    std::string words;
    const auto add = [&](const char* what, const std::string& from, const std::string& to) { words += (words.empty() ? "" : ", ") + std::string(what) + " " + from + ", now " + to; };
    if (before.size != after.size) add("size", std::to_string(before.size), std::to_string(after.size));
    if (!same(before.modified, after.modified)) add("modified", text_of(before.modified), text_of(after.modified));
    if (!same(before.changed, after.changed)) add("changed", text_of(before.changed), text_of(after.changed));
    if (before.device && after.device) {
        if (before.device->serial != after.device->serial) add("serial number", base::to_utf8(before.device->serial), base::to_utf8(after.device->serial));
        if (before.device->sectors_written != after.device->sectors_written)
            add("bytes written by this workstation since it was attached", std::to_string(before.device->sectors_written * k_kernel_sector), std::to_string(after.device->sectors_written * k_kernel_sector));
    }
    return words;
}

base::Result<void> EvidenceWatch::write(const std::string& path, const State& state, const char* action, const std::string& difference) {
    nlohmann::json details{{"evidence", base::to_utf8(path)}};
    if (state.device) details["device"] = json_of(*state.device);
    else if (state.there) details.update({{"size", state.size}, {"modified", text_of(state.modified)}, {"changed", text_of(state.changed)}});
    if (!difference.empty()) details["difference"] = difference;
    return case_file::append_custody(m_session.database, case_file::current_actor(), action, details.dump()).map([](const auto&) {});
}

// The same remark of a further run is no second one.
base::Result<void> EvidenceWatch::note(bool gap, const char* reason, const std::string& detail) {
    TRY_ASSIGN(case_file::Statement known, m_session.database.prepare("SELECT 1 FROM coverage WHERE wave = 'watch' AND reason = ? AND instr(examples, ?) > 0"));
    known.bind(1, reason).bind(2, nlohmann::json(base::to_utf8(detail)).dump());
    TRY_ASSIGN(const bool there, known.step());
    known.reset();
    if (there) return {};
    return m_session.writer.coverage({gap ? base::Gap::Level::gap : base::Gap::Level::note, "evidence", reason, "", detail}, std::nullopt, "watch");
}

base::Result<void> EvidenceWatch::begin() {
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(m_session.database));
    for (const auto& argument : m_session.options.evidence) {
        const auto& state = m_before[argument] = state_of(argument);
        if (!state.there) continue;
        TRY(write(argument, state, "evidence.state", {}));
        if (state.device && state.device->in_use_writable())
            TRY(note(false, "the disk was in use by this workstation, which can write to it", uses_in_words(*state.device)));
    }
    return transaction.commit();
}

base::Result<void> EvidenceWatch::add_files() {
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(m_session.database));
    TRY_ASSIGN(case_file::Statement files, m_session.database.prepare("SELECT f.path, f.size, f.mtime_s, f.mtime_ns FROM evidence_file f JOIN evidence e ON e.id = f.evidence WHERE e.error IS NULL ORDER BY f.evidence, f.place"));
    for (;;) {
        TRY_ASSIGN(const bool row, files.step());
        if (!row) break;
        const std::string path(files.text(0));
        if (path.starts_with("fd:")) continue;
        if (!m_before.contains(path)) m_before[path] = state_of(path);
        const auto& now = m_before[path];
        const auto modified = files.maybe_integer(2);
        if (!now.there || now.device || !modified) continue;
        State known = now;
        known.size = files.integer(1), known.modified = {*modified, files.integer(3)};
        const auto differs = difference(known, now);
        if (differs.empty()) continue;
        TRY(write(path, now, "evidence.changed", differs));
        TRY(note(true, "the evidence changed between two runs of its analysis", path + ": " + differs));
    }
    files.reset();
    return transaction.commit();
}

base::Result<void> EvidenceWatch::end() {
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(m_session.database));
    for (const auto& [path, before] : m_before) {
        if (!before.there) continue;
        const auto now = state_of(path);
        const auto differs = difference(before, now);
        TRY(write(path, now, differs.empty() ? "evidence.unchanged" : "evidence.changed", differs));
        if (!differs.empty()) TRY(note(true, "the evidence changed while it was read", path + ": " + differs));
    }
    return transaction.commit();
}

}  // namespace deadbox::engine
