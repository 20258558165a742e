// The tables of a hash set, for its reader and its builder.
#pragma once

#include <array>

#include "sets/hash_set.hpp"

namespace deadbox::sets {

inline constexpr std::array<std::string_view, 3> k_hash_set_tables = {
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE source(place INTEGER PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, size INTEGER NOT NULL, sha256 BLOB NOT NULL, taken INTEGER NOT NULL, bad INTEGER NOT NULL) STRICT",
    "CREATE TABLE known(digest BLOB NOT NULL, name TEXT NOT NULL, PRIMARY KEY(digest, name)) STRICT, WITHOUT ROWID",
};
inline constexpr SetDatabase::Form k_hash_set_form{"hash set", k_hash_set_id, 1, k_hash_set_tables};

}  // namespace deadbox::sets
