#include "serve/evidence_reader.hpp"

#include "case/fixed_options.hpp"

namespace deadbox::serve {
namespace {

std::string raw(const ipc::Value& value) {
    const auto* bytes = std::get_if<base::ByteView>(&value);
    return bytes == nullptr ? std::string() : std::string(base::as_text(*bytes));
}

}  // namespace

base::Result<void> EvidenceReader::until(const std::function<bool(ipc::Message&)>& take) {
    bool over = false, dead = false;
    ipc::Pool::Handler handler;
    handler.message = [&](int, ipc::Message& message, base::ByteView) -> base::Result<void> {
        if (!over) over = take(message);
        return {};
    };
    handler.death = [&](int, const ipc::Death&) -> base::Result<void> {
        dead = true;
        return {};
    };
    handler.wants = [](int) { return true; };
    while (!over && !dead) TRY(m_pool->poll(200, handler));
    if (dead) return base::fail(base::Errc::internal, "the worker died while it read the evidence");
    return {};
}

base::Result<void> EvidenceReader::describe() {
    std::string failure;
    TRY(until([&](ipc::Message& m) {
        switch (static_cast<ipc::Reply>(m.kind())) {
            case ipc::Reply::evidence: {
                MediaDescription media;
                media.index = m.natural();
                media.argument = m.text(), media.format = m.text(), media.size = m.natural(), media.identity = m.text();
                for (auto count = m.integer(); count > 0 && m.ok(); --count) media.files.emplace_back(m.text());
                const auto acquisition = m.value();
                if (const auto* text = std::get_if<std::string_view>(&acquisition)) media.acquisition = *text;
                m_description.media.push_back(std::move(media));
                return false;
            }
            case ipc::Reply::volume: {
                VolumeDescription v;
                v.media = m.natural();
                v.id = m.text(), v.scheme = m.text(), v.type = m.text(), v.name = m.text(), v.start = m.natural(), v.size = m.natural();
                v.filesystem = m.text(), v.label = m.text(), v.uuid = m.text(), v.clean = m.integer() != 0, v.journal = m.text(), v.tree = m.integer();
                m.integer(), m.integer();
                v.system = m.text();
                m_description.volumes.push_back(std::move(v));
                return false;
            }
            case ipc::Reply::marks: {
                const auto index = m.natural();
                for (auto& media : m_description.media)
                    if (media.index == index) media.marks = base::as_text(m.bytes());
                return false;
            }
            case ipc::Reply::gap: m_description.gaps.push_back(ipc::take_gap(m).gap); return false;
            case ipc::Reply::opened:
                if (m.integer() == 0) failure = m.text();
                return true;
            default: return false;
        }
    }));
    if (failure.empty()) return {};
    for (const auto& gap : m_description.gaps)
        if (gap.area == "container") failure = gap.detail;
    return base::fail(base::Errc::not_found, failure);
}

base::Result<std::unique_ptr<EvidenceReader>> EvidenceReader::open(ipc::PoolOptions options) {
    TRY_ASSIGN(auto pool, ipc::Pool::start(std::move(options), 1));
    TRY(pool->ensure(0, true));
    std::unique_ptr<EvidenceReader> reader(new EvidenceReader(std::move(pool)));
    TRY(reader->describe());
    return reader;
}

base::Result<std::unique_ptr<EvidenceReader>> EvidenceReader::open(const std::vector<std::string>& evidence) {
    ipc::PoolOptions options;
    options.evidence = evidence;
    return open(std::move(options));
}

base::Result<std::unique_ptr<EvidenceReader>> EvidenceReader::open_case(const case_file::Database& database, const std::vector<std::string>& moved, OtherEvidence other) {
    ipc::PoolOptions options;
    TRY_ASSIGN(case_file::Statement rows, database.prepare(
        // A descriptor's number means nothing later: the file that it was opened from does.
        "SELECT CASE WHEN argument LIKE 'fd:%' THEN coalesce((SELECT path FROM evidence_file f WHERE f.evidence = e.id AND f.place = 0), argument) ELSE argument END "
        "FROM evidence e WHERE error IS NULL ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) break;
        options.evidence.emplace_back(rows.text(0));
    }
    if (!moved.empty()) options.evidence = moved;
    if (options.evidence.empty()) return base::fail(base::Errc::not_found, "the case has no evidence");
    TRY_ASSIGN(const auto fixed, case_file::fixed_options(database));
    options.ignore_journal = fixed && fixed->journal == case_file::JournalReading::ignore;
    options.marks = true;
    const auto arguments = options.evidence;
    auto reader = open(std::move(options));
    if (!reader) return base::fail(base::Errc::not_found, reader.error().what + "; say where the evidence is with --evidence PATH");
    auto& found = **reader;
    std::vector<case_file::OpenedMedia> media(arguments.size());
    for (std::size_t i = 0; i < media.size(); ++i) media[i].name = arguments[i];
    for (const auto& one : found.m_description.media)
        if (one.index < media.size()) media[one.index].identity = one.identity, media[one.index].size = static_cast<std::int64_t>(one.size), media[one.index].marks = one.marks;
    for (const auto& volume : found.m_description.volumes)
        if (volume.media < media.size())
            media[volume.media].volumes.push_back({volume.id, volume.type, volume.filesystem, volume.uuid, static_cast<std::int64_t>(volume.start), static_cast<std::int64_t>(volume.size), volume.tree});
    TRY_ASSIGN(found.m_same, case_file::same_evidence(database, media));
    if (other == OtherEvidence::refused && !found.m_same.differences.empty())
        return base::fail(base::Errc::usage, "this is not the evidence of the case: " + found.m_same.differences.front());
    return reader;
}

base::Result<void> EvidenceReader::read(std::int64_t tree, std::uint64_t inode, std::uint64_t offset, std::uint64_t length,
                                        base::FunctionRef<base::Next(base::ByteView)> out) {
    const auto request = ++m_request;
    TRY(m_pool->send(0, ipc::Encoder(static_cast<std::uint8_t>(ipc::Order::read)).put(request).put(tree).put(inode).put(offset).put(length).finish()));
    std::string failure;
    bool enough = false;
    TRY(until([&](ipc::Message& m) {
        if (m.kind() != static_cast<std::uint8_t>(ipc::Reply::data) || m.natural() != request) return false;
        const auto value = m.value();
        if (const auto* text = std::get_if<std::string_view>(&value)) {
            failure = *text;
            return true;
        }
        const auto* bytes = std::get_if<base::ByteView>(&value);
        if (bytes == nullptr || bytes->empty()) return true;
        if (!enough) enough = out(*bytes) == base::Next::stop;
        return false;
    }));
    if (!failure.empty()) return base::fail(base::Errc::corrupt, failure);
    return {};
}

base::Result<MediaDigests> EvidenceReader::digest(std::size_t media, bool all) {
    TRY(m_pool->send(0, ipc::Encoder(static_cast<std::uint8_t>(ipc::Order::media)).put(media).put(all).finish()));
    MediaDigests digests;
    TRY(until([&](ipc::Message& m) {
        if (m.kind() == static_cast<std::uint8_t>(ipc::Reply::gap)) digests.unreadable.push_back(ipc::take_gap(m).gap.detail);
        if (m.kind() != static_cast<std::uint8_t>(ipc::Reply::media)) return false;
        m.integer();
        digests.bytes = m.natural();
        digests.md5 = raw(m.value()), digests.sha1 = raw(m.value()), digests.sha256 = raw(m.value());
        for (auto count = m.integer(); count > 0 && m.ok(); --count) digests.files.push_back(raw(m.value()));
        return true;  // the unreadable ranges were told of in words
    }));
    return digests;
}

}  // namespace deadbox::serve
