#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "sets/digest_list.hpp"
#include "sets/hash_set_form.hpp"
#include "sets/line_reader.hpp"
#include "sets/nsrl.hpp"

namespace deadbox::sets {
namespace {

constexpr std::size_t k_named_bad = 5;   // bad lines that are named, of a source
constexpr std::size_t k_longest_name = 255;

std::string gathered_path(const std::string& path) { return path + ".gathered"; }
std::string unfinished_path(const std::string& path) { return path + ".unfinished"; }

// The file's own name: lists have been made elsewhere, and their folders are not the machine's. Where a path is one of Windows,
// a backslash is no part of a name.
std::string_view own_name(std::string_view path) {
    const bool windows = (path.size() > 2 && path[1] == ':' && path[2] == '\\') || path.starts_with("\\\\") || path.starts_with(".\\");
    const auto slash = path.find_last_of(windows ? "/\\" : "/");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

constexpr std::array<std::string_view, 1> k_gathered_tables = {"CREATE TABLE gathered(digest BLOB NOT NULL, name TEXT NOT NULL) STRICT"};
constexpr SetDatabase::Form k_gathered_form{"gathered set", 0x44624867, 1, k_gathered_tables};

void note_bad(SetSource& source, std::uint64_t line, std::string_view why) {
    ++source.bad;
    if (source.bad_lines.size() < k_named_bad) source.bad_lines.push_back(fmt::format("line {}: {}", line, why));
}

}  // namespace

base::Result<HashSetBuilder> HashSetBuilder::begin(const std::string& path) {
    if (::access(path.c_str(), F_OK) == 0) return base::fail(base::Errc::usage, path + " exists; choose another name");
    ::unlink(gathered_path(path).c_str());
    ::unlink(unfinished_path(path).c_str());
    TRY_ASSIGN(auto gathered, SetDatabase::create(gathered_path(path), k_gathered_form));
    HashSetBuilder builder(path, std::move(gathered));
    TRY(builder.m_gathered->execute("BEGIN"));
    TRY_ASSIGN(builder.m_insert, builder.m_gathered->prepare("INSERT INTO gathered VALUES(?, ?)"));
    return builder;
}

HashSetBuilder::~HashSetBuilder() {
    if (!m_gathered) return;  // moved from, or finished
    m_insert = {};
    m_gathered.reset();
    ::unlink(gathered_path(m_path).c_str());
    ::unlink(unfinished_path(m_path).c_str());
}

base::Result<void> HashSetBuilder::put(base::ByteView digest, std::string_view path) {
    if (is_of_nothing(base::as_text(digest))) {
        ++m_of_nothing;
        return {};
    }
    m_insert.bind(1, digest).bind(2, own_name(path).substr(0, k_longest_name));
    return m_insert.run();
}

base::Result<SetSource> HashSetBuilder::add(const std::string& path) {
    TRY_ASSIGN(const bool database, is_sqlite_file(path));
    TRY_ASSIGN(auto source, database ? add_nsrl(path) : add_list(path));
    source.name = base::to_utf8(base::name_of(path));
    m_sources.push_back(source);
    return source;
}

base::Result<SetSource> HashSetBuilder::add_list(const std::string& path) {
    TRY_ASSIGN(auto lines, LineReader::open(path));
    DigestList list;
    SetSource source;
    for (;;) {
        TRY_ASSIGN(const auto line, lines.next());
        if (!line) break;
        if (line->too_long) {
            note_bad(source, lines.number(), "longer than 64 KiB");
            continue;
        }
        const auto read = list.read(line->text);
        if (read.kind == DigestList::Line::Kind::bad) note_bad(source, lines.number(), read.why);
        if (read.kind != DigestList::Line::Kind::file) continue;
        ++source.taken;
        TRY(put(base::as_bytes(read.file.digest), read.file.path));
    }
    source.format = list.format();
    source.size = lines.size();
    source.sha256 = base::as_text(base::ByteView(lines.sha256()));
    return source;
}

base::Result<SetSource> HashSetBuilder::add_nsrl(const std::string& path) {
    SetSource source;
    TRY(read_nsrl(path, [&](const NsrlFile& file) -> base::Result<void> {
        if (file.digest.empty()) {
            note_bad(source, file.row, "no digest");
            return {};
        }
        ++source.taken;
        return put(file.digest, file.name);
    }));
    TRY_ASSIGN(const auto digest, digest_of_file(path));
    source.format = "NSRL RDS v3", source.size = digest.size, source.sha256 = base::as_text(base::ByteView(digest.sha256));
    return source;
}

base::Result<std::uint64_t> HashSetBuilder::finish(const std::string& name, Verdict verdict) {
    m_insert = {};
    TRY(m_gathered->execute("COMMIT"));
    m_gathered.reset();
    auto entries = write(name, verdict);
    ::unlink(gathered_path(m_path).c_str());
    if (!entries) ::unlink(unfinished_path(m_path).c_str());
    return entries;
}

base::Result<std::uint64_t> HashSetBuilder::write(const std::string& name, Verdict verdict) {
    const auto unfinished = unfinished_path(m_path);
    std::uint64_t entries = 0, of_length[3] = {};
    {
        TRY_ASSIGN(const auto set, SetDatabase::create(unfinished, k_hash_set_form));
        TRY_ASSIGN(auto attach, set.prepare("ATTACH ? AS gathered"));
        attach.bind(1, std::string_view(gathered_path(m_path)));
        TRY(attach.run());
        // In the table's own order its pages are filled one after the other, and the same sources give the same file in whatever order they came.
        TRY(set.execute("BEGIN; INSERT INTO known SELECT DISTINCT digest, name FROM gathered.gathered ORDER BY digest, name"));
        entries = static_cast<std::uint64_t>(set.changes());
        TRY_ASSIGN(auto lengths, set.prepare("SELECT length(digest), count(*) FROM known GROUP BY 1"));
        for (;;) {
            TRY_ASSIGN(const bool row, lengths.step());
            if (!row) break;
            of_length[lengths.integer(0) == 16 ? 0 : lengths.integer(0) == 20 ? 1 : 2] = static_cast<std::uint64_t>(lengths.integer(1));
        }
        lengths = {};
        TRY_ASSIGN(auto meta, set.prepare("INSERT INTO meta VALUES(?, ?)"));
        const std::pair<std::string_view, std::string> about[] = {{"as", verdict == Verdict::bad ? "bad" : "good"}, {"entries", std::to_string(entries)}, {"md5", std::to_string(of_length[0])}, {"name", name},
                                                                  {"sha1", std::to_string(of_length[1])}, {"sha256", std::to_string(of_length[2])}, {"without_content", std::to_string(m_of_nothing)}};
        for (const auto& [key, value] : about) {
            meta.bind(1, key).bind(2, value);
            TRY(meta.run());
        }
        TRY_ASSIGN(auto source, set.prepare("INSERT INTO source VALUES(?, ?, ?, ?, ?, ?, ?)"));
        std::int64_t place = 0;
        for (const auto& one : m_sources) {
            source.bind(1, ++place).bind(2, one.name).bind(3, one.format).bind(4, static_cast<std::int64_t>(one.size)).bind(5, base::as_bytes(one.sha256));
            source.bind(6, static_cast<std::int64_t>(one.taken)).bind(7, static_cast<std::int64_t>(one.bad));
            TRY(source.run());
        }
        TRY(set.execute("COMMIT"));
    }
    TRY(keep_file(unfinished, m_path));
    return entries;
}

}  // namespace deadbox::sets
