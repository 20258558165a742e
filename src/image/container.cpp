#include "image/container.hpp"

#include "base/descriptor.hpp"
#include "image/container/formats.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Result;

const std::vector<const ContainerFormat*>& container_formats() {
    static const std::vector<const ContainerFormat*> formats{&raw_format()};
    return formats;
}

Result<Container> open_container(const std::string& path, std::uint32_t media, base::DamageSink& damage) {
    TRY_ASSIGN(const std::shared_ptr<const base::ByteSource> first, base::FileSource::open(path, media));
    if (first->size() == 0) return fail(Errc::corrupt, path + " is empty");
    const auto slash = path.rfind('/');
    Segments segments;
    segments.names.push_back(slash == std::string::npos ? path : path.substr(slash + 1));
    segments.files.push_back(first);
    segments.open_sibling = [path, media](const std::string& base_name) -> Result<std::shared_ptr<const base::ByteSource>> {
        return base::FileSource::open_beside(path, base_name, media);
    };
    for (const auto* format : container_formats()) {
        if (!format->claims(*first, segments.names.front())) continue;
        if (format == &raw_format())
            if (const auto unread = recognize_unread_container(*first); !unread.empty())
                return fail(Errc::unsupported, segments.names.front() + " is " + unread);
        return format->open(segments, media, damage);
    }
    return fail(Errc::internal, "no container format took " + path);
}

}  // namespace deadbox::image
