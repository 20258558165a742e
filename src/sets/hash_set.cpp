#include "sets/hash_set.hpp"

#include <charconv>

#include "base/encoding.hpp"
#include "sets/hash_set_form.hpp"

namespace deadbox::sets {

bool is_of_nothing(std::string_view digest) {
    static const std::string k_md5 = *base::from_hex("d41d8cd98f00b204e9800998ecf8427e"), k_sha1 = *base::from_hex("da39a3ee5e6b4b0d3255bfef95601890afd80709"),
                             k_sha256 = *base::from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    return digest == k_md5 || digest == k_sha1 || digest == k_sha256;
}

base::Result<HashSet> HashSet::open(const std::string& path) {
    TRY_ASSIGN(auto database, SetDatabase::open(path, k_hash_set_form));
    HashSet set(std::move(database));
    TRY(set.read_about());
    TRY_ASSIGN(set.m_names, set.m_database.prepare("SELECT name FROM known WHERE digest = ?1 ORDER BY name LIMIT ?2"));
    TRY_ASSIGN(set.m_has, set.m_database.prepare("SELECT 1 FROM known WHERE digest = ?1 AND name = ?2"));
    return set;
}

base::Result<bool> HashSet::has(base::ByteView digest, std::string_view name) {
    m_has.bind(1, digest).bind(2, name);
    TRY_ASSIGN(const bool there, m_has.step());
    m_has.reset();
    return there;
}

base::Result<void> HashSet::read_about() {
    TRY_ASSIGN(auto about, m_database.prepare("SELECT key, value FROM meta"));
    bool told = false;
    for (;;) {
        TRY_ASSIGN(const bool row, about.step());
        if (!row) break;
        const auto key = about.text(0), value = about.text(1);
        if (key == "name") m_name = value;
        else if (key == "as") told = value == "good" || value == "bad", m_verdict = value == "bad" ? Verdict::bad : Verdict::good;
        else if (key == "entries") std::from_chars(value.data(), value.data() + value.size(), m_entries);
    }
    if (!told) return base::fail(base::Errc::usage, "a hash set does not say whether what it knows is good or bad");
    TRY_ASSIGN(auto sources, m_database.prepare("SELECT name, format, size, sha256, taken, bad FROM source ORDER BY place"));
    for (;;) {
        TRY_ASSIGN(const bool row, sources.step());
        if (!row) return {};
        SetSource source;
        source.name = sources.text(0), source.format = sources.text(1), source.size = static_cast<std::uint64_t>(sources.integer(2)), source.sha256 = base::as_text(sources.blob(3));
        source.taken = static_cast<std::uint64_t>(sources.integer(4)), source.bad = static_cast<std::uint64_t>(sources.integer(5));
        m_sources.push_back(std::move(source));
    }
}

base::Result<bool> HashSet::has_length(std::size_t bytes) {
    // A table of digests cannot be asked for a length but by reading it: the builder counted.
    TRY_ASSIGN(auto count, m_database.prepare("SELECT value FROM meta WHERE key = ?"));
    count.bind(1, bytes == 16 ? std::string_view("md5") : bytes == 20 ? std::string_view("sha1") : std::string_view("sha256"));
    TRY_ASSIGN(const bool row, count.step());
    return row && count.text(0) != "0";
}

base::Result<std::vector<std::string>> HashSet::names_of(base::ByteView digest, int most) {
    std::vector<std::string> names;
    m_names.bind(1, digest).bind(2, std::int64_t{most});
    for (;;) {
        TRY_ASSIGN(const bool row, m_names.step());
        if (!row) break;
        names.emplace_back(m_names.text(0));
    }
    m_names.reset();
    return names;
}

}  // namespace deadbox::sets
