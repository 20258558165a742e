#include "plugin/parser.hpp"

#include "media/container.hpp"
#include "media/disguise.hpp"
#include "media/media_topic.hpp"

namespace deadbox::plugins::media {
namespace {

constexpr std::string_view k_kinds[] = {"", "audio", "video", "archive_part", "image_disc", "torrent"};

std::optional<std::string_view> text(const std::string& value) { return value.empty() ? std::nullopt : std::optional<std::string_view>(value); }

class MediaParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto& record = file.record();
        const auto found = read_media(record.content_type, file.bytes(), file.head());
        if (found.kind == Kind::none) return {};
        // Every other backup is a ZIP: of those, only what may be a release or media.
        if (found.format == "zip" && found.inner_media == 0) return {};
        const auto fit = extension_fit(found.kind, record.content_type, record.path);
        MediaFileRow row;
        row.kind = k_kinds[static_cast<std::size_t>(found.kind)];
        row.format = found.format, row.codec = text(found.codec);
        row.duration = found.duration, row.width = found.width, row.height = found.height, row.bitrate = found.bitrate;
        row.title = text(found.title), row.artist = text(found.artist), row.album = text(found.album);
        row.extension_fit = fit_name(fit);
        row.mismatch = fit == Fit::vague || fit == Fit::foreign;
        row.volume_part = found.volume;
        row.inner = text(found.inner);
        if (found.inner_names > 0) row.inner_names = found.inner_names, row.inner_media = found.inner_media;
        row.emit(sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& media_parser() {
    static const MediaParser parser;
    return parser;
}

}  // namespace deadbox::plugins::media
