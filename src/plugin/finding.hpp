// What a detector concludes.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/gap.hpp"
#include "base/timestamp.hpp"

namespace deadbox::plugin {

enum class Severity : std::uint8_t { info, low, medium, high, critical };
enum class Confidence : std::uint8_t { possible, likely, certain };
enum class TimeBasis : std::uint8_t { birth, change, modification, log };

// How a file was compared with something known.
struct Reference {
    std::string kind = "none";  // external, signed, in_image, baseline, none
    std::string package, algorithm, expected, found;
};

// What an item's key is. client: an address, or the name that a server looked up for it. words: what people read, and no more.
enum class KeyKind : std::uint8_t { words, account, client, path, package, finding };

// One piece of what a finding rests on: a file (inode, and name where there is one) or a keyed thing.
struct Item {
    std::optional<std::int64_t> inode;      // case row id
    std::optional<std::int64_t> directory;  // with name: the name meant
    std::string name;                       // raw bytes
    std::string key;                        // user, address, unit where the item is not a file, or besides it
    KeyKind kind = KeyKind::words;          // of the key
    std::optional<std::uint64_t> line;
    std::optional<std::uint64_t> offset;
    std::string excerpt;  // raw bytes, at most 4 KiB; secrets in it are marked below
    struct Span { std::size_t start = 0, length = 0; bool person = false; };
    std::vector<Span> secrets;
    std::optional<Reference> reference;
    std::string site;
};

// `arguments` fill the texts' {placeholders}. `subject` is the stable anchor: an account, a path, a unit, a folder.
struct FindingHead {
    std::string rule;  // "accounts/uid_zero_twin"
    std::optional<std::int64_t> system;
    std::string subject;
    std::optional<Severity> severity;      // the rule's own unless given
    std::optional<Confidence> confidence;  // likewise
    std::vector<std::pair<std::string, std::string>> arguments;
    std::optional<base::Timestamp> first, last;
    TimeBasis basis = TimeBasis::change;
};

// A finding's head, then its items one by one: a stash may have a million. A head of the same rule, system and subject as an earlier one
// is joined to it.
class FindingSink {
public:
    virtual ~FindingSink() = default;
    virtual void finding(const FindingHead& head) = 0;
    virtual void item(const Item& item) = 0;  // of the last finding
    // A row of the ledger: an assumption that a conclusion rests on, a check that could not be made.
    virtual void gap(const base::Gap& gap) = 0;
};

}  // namespace deadbox::plugin
