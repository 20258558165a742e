// A set of digests in one SQLite file, made from lists or from NSRL's, and asked for one digest after the other.
//   application_id "DbHs", user_version 1
//   meta(key, value)     name; as: good or bad; entries; without_content: lines that were left out because they are of empty files
//   source(place, ...)   the files that it was made from, each with SHA-256 and how many lines were taken and not
//   known(digest, name)  16 bytes MD5, 20 SHA-1, 32 SHA-256; the file's own name, without folders, "" where none was given
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sets/set_database.hpp"

namespace deadbox::sets {

enum class Verdict : bool { good, bad };

inline constexpr int k_hash_set_id = 0x44624873;

struct SetSource {
    std::string name, format;  // name: of the file, without folders
    std::uint64_t size = 0, taken = 0, bad = 0;
    std::string sha256;        // bytes
    std::vector<std::string> bad_lines;  // the first ones, "line 3: no digest"
};

// The empty file is known to everybody and says nothing: its digests are in no set.
bool is_of_nothing(std::string_view digest);

class HashSet {
public:
    static base::Result<HashSet> open(const std::string& path);

    const std::string& name() const { return m_name; }
    Verdict verdict() const { return m_verdict; }
    std::uint64_t entries() const { return m_entries; }
    const std::vector<SetSource>& sources() const { return m_sources; }  // without their bad lines
    // Whether it has digests of so many bytes at all.
    base::Result<bool> has_length(std::size_t bytes);
    // The names under which a digest stands, in order, at most `most`; one "" where it has none; nothing where it is not there.
    base::Result<std::vector<std::string>> names_of(base::ByteView digest, int most = 1000);
    base::Result<bool> has(base::ByteView digest, std::string_view name);

private:
    explicit HashSet(SetDatabase database) : m_database(std::move(database)) {}
    base::Result<void> read_about();
    SetDatabase m_database;
    SetStatement m_names, m_has;
    std::string m_name;
    Verdict m_verdict = Verdict::good;
    std::uint64_t m_entries = 0;
    std::vector<SetSource> m_sources;
};

// Makes one. What is added is sorted by SQLite in files beside the set, so that memory does not grow with it.
class HashSetBuilder {
public:
    // `path` must not exist; a file beside it holds what is gathered until finish().
    static base::Result<HashSetBuilder> begin(const std::string& path);
    HashSetBuilder(HashSetBuilder&&) noexcept = default;
    HashSetBuilder& operator=(HashSetBuilder&&) = delete;
    ~HashSetBuilder();  // takes away what was not finished

    // A list of digests, or NSRL's RDS version 3 (a SQLite file with a table METADATA or FILE). Bad lines are counted, not fatal.
    base::Result<SetSource> add(const std::string& path);
    // Writes the set; its number of entries.
    base::Result<std::uint64_t> finish(const std::string& name, Verdict verdict);

private:
    HashSetBuilder(std::string path, SetDatabase gathered) : m_path(std::move(path)), m_gathered(std::make_unique<SetDatabase>(std::move(gathered))) {}
    base::Result<void> put(base::ByteView digest, std::string_view name);
    base::Result<SetSource> add_list(const std::string& path);
    base::Result<SetSource> add_nsrl(const std::string& path);
    base::Result<std::uint64_t> write(const std::string& name, Verdict verdict);

    std::string m_path;
    std::unique_ptr<SetDatabase> m_gathered;
    SetStatement m_insert;
    std::vector<SetSource> m_sources;
    std::uint64_t m_of_nothing = 0;
};

}  // namespace deadbox::sets
