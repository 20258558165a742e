#include "case/view_places.hpp"

#include "base/byte_cursor.hpp"

namespace deadbox::case_file {

base::Result<Places> Places::open(const View& view) {
    Places places;
    TRY_ASSIGN(const bool there, view.has_table("place"));
    if (!there) return places;
    TRY_ASSIGN(places.m_place, view.prepare("SELECT origin, extents FROM place WHERE inode = ?1"));
    return places;
}

base::Result<std::optional<Place>> Places::of(std::int64_t inode) {
    if (m_place.handle() == nullptr) return std::nullopt;
    m_place.reset();
    m_place.bind(1, inode);
    TRY_ASSIGN(const bool known, m_place.step());
    if (!known) return std::nullopt;
    Place place;
    place.from_journal = m_place.integer(0) == 1;
    base::ByteCursor cursor(m_place.blob(1));
    while (cursor.left() >= 24) {
        const auto offset = cursor.le64(), media_offset = cursor.le64();
        place.extents.push_back({offset, media_offset, cursor.le64()});
    }
    m_place.reset();
    return place;
}

}  // namespace deadbox::case_file
