#include "pdf/line_breaks.hpp"

#include <memory>

#include <unicode/ubrk.h>

namespace deadbox::pdf {
namespace {

using Iterator = std::unique_ptr<UBreakIterator, decltype(&ubrk_close)>;

// Opening one costs more than a paragraph does.
UBreakIterator* iterator_of_thread() {
    static thread_local const Iterator one = [] {
        UErrorCode error = U_ZERO_ERROR;
        return Iterator(ubrk_open(UBRK_LINE, "en", nullptr, 0, &error), &ubrk_close);
    }();
    return one.get();
}

}  // namespace

std::vector<bool> line_breaks(std::span<const std::uint32_t> points) {
    std::vector<bool> breaks(points.size());
    std::vector<UChar> units;
    std::vector<std::size_t> point_before;  // [offset in units] the point that ends there
    units.reserve(points.size() + 16), point_before.reserve(points.size() + 17);
    point_before.push_back(0);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i] < 0x10000) units.push_back(static_cast<UChar>(points[i]));
        else units.push_back(U16_LEAD(points[i])), point_before.push_back(i), units.push_back(U16_TRAIL(points[i]));
        point_before.push_back(i);
    }
    UBreakIterator* iterator = iterator_of_thread();
    UErrorCode error = U_ZERO_ERROR;
    if (iterator == nullptr || units.empty()) return breaks;
    ubrk_setText(iterator, units.data(), static_cast<std::int32_t>(units.size()), &error);
    if (U_FAILURE(error)) return breaks;
    for (std::int32_t at = ubrk_next(iterator); at != UBRK_DONE && static_cast<std::size_t>(at) < units.size(); at = ubrk_next(iterator)) breaks[point_before[static_cast<std::size_t>(at)]] = true;
    return breaks;
}

}  // namespace deadbox::pdf
