// The custody log: who did what to the evidence and to the case, as a hash chain (after RFC 3227 and ISO/IEC 27037).
// A row's hash is SHA-256 over the previous hash and the row's fields, each with its length before it; the first row
// follows 32 zero bytes. Rows are appended in the transaction of what they record.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "case/database.hpp"

namespace deadbox::case_file {

using ChainHash = std::array<std::byte, 32>;

struct CustodyEntry {
    std::int64_t id = 0;
    std::string at;       // RFC 3339, the workstation's clock
    std::string actor;    // "user@host" or "deadbox VERSION"
    std::string action;   // stable word: "evidence.opened", "batch", "finding.marked" ...
    std::string details;  // JSON object
    ChainHash previous{}, hash{};
};

// Now on the workstation; the only place where the program's clock enters a case.
std::string now_rfc3339();
// The user who runs the program, as "name@host".
std::string current_actor();

base::Result<ChainHash> append_custody(const Database& database, std::string_view actor, std::string_view action, std::string_view details);
base::Result<ChainHash> custody_head(const Database& database);
base::Result<void> custody_entries(const Database& database, base::FunctionRef<base::Next(const CustodyEntry&)> visit);

// What an examination of the chain found.
struct ChainVerdict {
    std::int64_t entries = 0;
    ChainHash head{};
    std::optional<std::int64_t> first_broken;  // id of the first row whose hash does not follow
};
base::Result<ChainVerdict> verify_chain(const Database& database);

}  // namespace deadbox::case_file
