#include "cli/content_search.hpp"

#include <algorithm>
#include <functional>

#include "case/writer.hpp"
#include "cli/which_file.hpp"

namespace deadbox::cli {
namespace {

constexpr std::size_t k_around = 512;  // bytes of context on either side: enough to know a secret that begins before them
constexpr std::size_t k_page = 1024;  // files asked for at once

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Where a page of files ends.
struct Keys {
    std::int64_t first_byte = INT64_MIN, id = INT64_MIN;
};

}  // namespace

PieceSearch::PieceSearch(std::string_view wanted) : m_wanted(wanted) { std::transform(m_wanted.begin(), m_wanted.end(), m_wanted.begin(), lower); }

void PieceSearch::add(std::string_view piece, base::FunctionRef<base::Next(Place)> found) {
    if (m_over) return;
    m_held.append(piece);
    const auto before = m_lower.size();
    m_lower.append(piece);
    std::transform(m_lower.begin() + static_cast<std::ptrdiff_t>(before), m_lower.end(), m_lower.begin() + static_cast<std::ptrdiff_t>(before), lower);
    look(false, found);
}

void PieceSearch::finish(base::FunctionRef<base::Next(Place)> found) {
    if (!m_over) look(true, found);
}

void PieceSearch::look(bool at_end, base::FunctionRef<base::Next(Place)> found) {
    const std::boyer_moore_horspool_searcher searcher(m_wanted.begin(), m_wanted.end());
    for (;;) {
        const auto at = std::search(m_lower.begin() + static_cast<std::ptrdiff_t>(m_from), m_lower.end(), searcher);
        if (at == m_lower.end()) break;
        const auto place = static_cast<std::size_t>(at - m_lower.begin()), end = place + m_wanted.size();
        if (!at_end && m_lower.size() - end < k_around) {  // what follows is not here yet
            m_from = place;
            break;
        }
        std::size_t from = place, to = end;
        while (from > 0 && place - from < k_around && m_held[from - 1] != '\n') --from;
        while (to < m_held.size() && to - end < k_around && m_held[to] != '\n') ++to;
        m_from = end;
        if (found({m_start + place, m_held.substr(from, to - from)}) == base::Next::stop) {
            m_over = true;
            return;
        }
    }
    // The rest may be the beginning of one more; and what stands before the next one is wanted too.
    const auto unsearched = m_lower.size() - std::min(m_lower.size(), m_wanted.size() - 1);
    if (std::search(m_lower.begin() + static_cast<std::ptrdiff_t>(m_from), m_lower.end(), searcher) == m_lower.end()) m_from = std::max(m_from, unsearched);
    const auto drop = m_from > k_around ? m_from - k_around : 0;
    m_held.erase(0, drop), m_lower.erase(0, drop);
    m_start += drop, m_from -= drop;
}

base::Result<ContentSearch> search_contents(const case_file::View& view, serve::EvidenceReader& reader, std::string_view wanted,
                                            base::FunctionRef<base::Next(const ContentHit&)> visit) {
    ContentSearch done;
    TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
    TRY_ASSIGN(case_file::Statement page, view.prepare("SELECT i.first_byte, i.id FROM inode i LEFT JOIN content c ON c.inode = i.id WHERE i.type = 1 AND i.size > 0 AND (i.first_byte, i.id) > (?1, ?2) "
                                                       "AND coalesce(c.state, CASE i.allocated WHEN 1 THEN 0 ELSE 4 END) IN (0, 1, 2) ORDER BY i.first_byte, i.id LIMIT ?3"));
    bool stop = false;
    std::vector<Keys> keys;
    for (Keys last; !stop; last = keys.back()) {
        keys.clear();
        page.reset();
        page.bind(1, last.first_byte).bind(2, last.id).bind(3, static_cast<std::int64_t>(k_page));
        for (;;) {
            TRY_ASSIGN(const bool more, page.step());
            if (!more) break;
            keys.push_back({page.integer(0), page.integer(1)});
        }
        page.reset();
        if (keys.empty()) break;
        for (const auto& key : keys) {
            TRY_ASSIGN(const auto file, files.of(key.id));
            if (!file) continue;
            if (!worth_reading(file->path, file->size, file->hole_bytes)) {
                ++done.left_out;
                continue;
            }
            ++done.files;
            PieceSearch search(wanted);
            std::int64_t places = 0;
            const auto found = [&](PieceSearch::Place place) {
                if (places++ == k_places_in_a_file) {
                    ++done.cut;
                    return base::Next::stop;
                }
                stop = visit({&*file, place.offset, std::move(place.context)}) == base::Next::stop;
                return stop ? base::Next::stop : base::Next::go_on;
            };
            const auto read = reader.read(case_file::inode_tree(file->inode), case_file::inode_number(file->inode), 0, UINT64_MAX, [&](base::ByteView bytes) {
                search.add(base::as_text(bytes), found);
                return stop || places > k_places_in_a_file ? base::Next::stop : base::Next::go_on;
            });
            if (!stop && places <= k_places_in_a_file) search.finish(found);
            if (!read && read.error().code == base::Errc::corrupt) ++done.unreadable;
            else if (!read) return tl::unexpected(read.error());
            if (stop) break;
        }
    }
    return done;
}

}  // namespace deadbox::cli
