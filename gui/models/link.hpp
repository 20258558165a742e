// Whatever in the case can be gone to: every path, account, address, time, hash and finding on any page is one of these,
// and has the same menu everywhere (widgets/link_menu.hpp).
#pragma once

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <cstdint>
#include <optional>

#include "base/timestamp.hpp"

namespace deadbox::gui {

struct Link {
    enum class Kind : std::uint8_t { none, path, ref, account, address, time, hash, finding, fact, text, type };
    Kind kind = Kind::none;
    QByteArray value;                    // raw bytes: the path, ref, account, address, digest, finding's id, text, type of record, or name of a fact's table
    std::int64_t inode = 0;              // row id of the file (of the fact) that is meant; 0: unknown
    std::optional<base::Timestamp> time; // of kind time, or the moment that goes with the thing

    bool is_none() const { return kind == Kind::none; }
    bool operator==(const Link&) const = default;

    static Link to(Kind kind, std::string_view value, std::optional<base::Timestamp> time = {}) { return {kind, QByteArray(value.data(), static_cast<qsizetype>(value.size())), 0, time}; }
    static Link to_time(base::Timestamp time) { return {Kind::time, {}, 0, time}; }
    static Link to_file(std::string_view path, std::int64_t inode, std::optional<base::Timestamp> time = {}) {
        return {Kind::path, QByteArray(path.data(), static_cast<qsizetype>(path.size())), inode, time};
    }
};

// What a person reads: escaped, and of bounded length.
QString label_of(const Link& link);
// "path", "account" ... in the user's language.
QString name_of(Link::Kind kind);

}  // namespace deadbox::gui

Q_DECLARE_METATYPE(deadbox::gui::Link)
