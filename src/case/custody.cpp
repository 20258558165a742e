#include "case/custody.hpp"

#include <pwd.h>
#include <time.h>
#include <unistd.h>

#include <cstring>

#include "base/timestamp.hpp"
#include "codec/digest.hpp"

namespace deadbox::case_file {
namespace {

ChainHash chain(const ChainHash& previous, std::initializer_list<std::string_view> fields) {
    codec::Sha256 hash;
    hash.update(previous);
    for (const auto field : fields) {
        const std::uint64_t size = field.size();
        std::array<std::byte, 8> length{};
        for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<std::byte>(size >> (8 * i));
        hash.update(length);
        hash.update(field);
    }
    return hash.finish();
}

ChainHash as_hash(base::ByteView bytes) {
    ChainHash hash{};
    if (bytes.size() == hash.size()) std::memcpy(hash.data(), bytes.data(), hash.size());
    return hash;
}

}  // namespace

std::string now_rfc3339() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return base::to_rfc3339({now.tv_sec, static_cast<std::uint32_t>(now.tv_nsec)});
}

std::string current_actor() {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    const passwd* user = getpwuid(geteuid());
    return (user != nullptr ? std::string(user->pw_name) : std::to_string(geteuid())) + "@" + host.data();
}

base::Result<ChainHash> custody_head(const Database& database) {
    TRY_ASSIGN(Statement last, database.prepare("SELECT hash FROM custody ORDER BY id DESC LIMIT 1"));
    TRY_ASSIGN(const bool any, last.step());
    return any ? as_hash(last.blob(0)) : ChainHash{};
}

base::Result<ChainHash> append_custody(const Database& database, std::string_view actor, std::string_view action, std::string_view details) {
    TRY_ASSIGN(const ChainHash previous, custody_head(database));
    const auto at = now_rfc3339();
    const auto hash = chain(previous, {at, actor, action, details});
    TRY_ASSIGN(Statement insert, database.prepare("INSERT INTO custody(at, actor, action, details, previous, hash) VALUES(?, ?, ?, ?, ?, ?)"));
    insert.bind(1, at).bind(2, actor).bind(3, action).bind(4, details).bind(5, base::ByteView(previous)).bind(6, base::ByteView(hash));
    TRY(insert.run());
    return hash;
}

base::Result<void> custody_entries(const Database& database, base::FunctionRef<base::Next(const CustodyEntry&)> visit) {
    TRY_ASSIGN(Statement rows, database.prepare("SELECT id, at, actor, action, details, previous, hash FROM custody ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return {};
        CustodyEntry entry;
        entry.id = rows.integer(0);
        entry.at = rows.text(1), entry.actor = rows.text(2), entry.action = rows.text(3), entry.details = rows.text(4);
        entry.previous = as_hash(rows.blob(5)), entry.hash = as_hash(rows.blob(6));
        if (visit(entry) == base::Next::stop) return {};
    }
}

base::Result<ChainVerdict> verify_chain(const Database& database) {
    ChainVerdict verdict;
    std::int64_t expected_id = 1;
    TRY(custody_entries(database, [&](const CustodyEntry& entry) {
        const auto hash = chain(verdict.head, {entry.at, entry.actor, entry.action, entry.details});
        if (entry.id != expected_id || entry.previous != verdict.head || entry.hash != hash) {
            verdict.first_broken = entry.id;
            return base::Next::stop;
        }
        verdict.head = hash;
        ++verdict.entries, ++expected_id;
        return base::Next::go_on;
    }));
    return verdict;
}

}  // namespace deadbox::case_file
