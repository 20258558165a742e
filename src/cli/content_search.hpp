// A text in the contents of files: read through the locked-down worker, a piece at a time, in bounded memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "case/view_files.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {

// Finds every place of `wanted` (ASCII letters of either case) in bytes that come piece by piece.
class PieceSearch {
public:
    explicit PieceSearch(std::string_view wanted);
    struct Place {
        std::uint64_t offset = 0;  // in all that came
        std::string context;       // the text with what stands around it, up to the ends of its line
    };
    // Places that are complete with this piece, with what follows them as far as it is known.
    void add(std::string_view piece, base::FunctionRef<base::Next(Place)> found);
    void finish(base::FunctionRef<base::Next(Place)> found);

private:
    void look(bool at_end, base::FunctionRef<base::Next(Place)> found);
    std::string m_wanted;  // lower case
    std::string m_held, m_lower;
    std::uint64_t m_start = 0;  // offset of m_held
    std::size_t m_from = 0;     // of m_held: everything before was looked at
    bool m_over = false;
};

struct ContentHit {
    const case_file::FileDetail* file = nullptr;
    std::uint64_t offset = 0;
    std::string context;
};
struct ContentSearch {
    std::int64_t files = 0;       // read
    std::int64_t unreadable = 0;  // not, or not to their end
    std::int64_t left_out = 0;    // mostly holes, or encrypted without a key
    std::int64_t cut = 0;         // had more places than are told of one file
};
inline constexpr std::int64_t k_places_in_a_file = 100;

// Regular files whose content is their own (deleted ones too), in the order of their place on the disk, as they are stored:
// nothing is decompressed.
base::Result<ContentSearch> search_contents(const case_file::View& view, serve::EvidenceReader& reader, std::string_view wanted,
                                            base::FunctionRef<base::Next(const ContentHit&)> visit);

}  // namespace deadbox::cli
