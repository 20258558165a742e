#include "plugin/parser.hpp"

#include <optional>

#include "defacement/claim.hpp"
#include "defacement/defacement_topic.hpp"

namespace deadbox::plugins::defacement {
namespace {

constexpr std::size_t k_largest_page = 2 << 20, k_largest_text = 16 << 10, k_largest_staged = 32 << 10;
constexpr int k_least_score = 30;

class PageParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto& record = file.record();
        // Whatever is larger is no page that somebody put up to boast.
        const auto largest = record.content_type == "text/plain" ? k_largest_text : k_largest_page;
        if (file.bytes().size() > largest) return {};
        std::vector<std::byte> whole;
        auto bytes = base::as_text(file.head());
        if (file.bytes().size() > bytes.size()) {
            if (!may_be_marked(bytes) && file.bytes().size() > 512 * 1024) return {};
            TRY_ASSIGN(whole, plugin::read_all(file, largest));
            bytes = base::as_text(whole);
        }
        const auto narrow = from_utf16(bytes);
        if (narrow) bytes = *narrow;
        const bool staged = bytes.size() <= k_largest_staged && record.content_type == "text/html" && may_be_staged(bytes);
        if (!staged && !may_be_marked(bytes)) return {};
        const auto page = read_page(bytes);
        auto mark = mark_page(page, bytes);
        if (mark.score < k_least_score) {
            mark = {};
            mark.score = staged ? staged_score(page) : 0;
        }
        if (mark.score < k_least_score) return {};
        PageMarkRow row;
        row.score = mark.score;
        if (!mark.where.empty()) row.claim = mark.claim, row.claim_place = mark.where, row.language = mark.language;
        row.words = page.words, row.own_links = page.own_links, row.paragraphs = page.paragraphs, row.theatrics = page.theatrics;
        row.taunts = mark.taunts, row.mirror = mark.mirror;
        row.emit(sink);
        return {};
    }

private:
    // A page in UTF-16, as far as it is Latin; none for every other page.
    static std::optional<std::string> from_utf16(std::string_view bytes) {
        const bool little = bytes.starts_with("\xff\xfe"), big = bytes.starts_with("\xfe\xff");
        if (!little && !big) return std::nullopt;
        std::string text;
        for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
            const char high = bytes[i + (little ? 1 : 0)], low = bytes[i + (little ? 0 : 1)];
            text += high == 0 && static_cast<unsigned char>(low) < 0x80 ? low : ' ';
        }
        return text;
    }
};

}  // namespace

const plugin::Parser& page_parser() {
    static const PageParser parser;
    return parser;
}

}  // namespace deadbox::plugins::defacement
