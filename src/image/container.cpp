#include "image/container.hpp"

#include <algorithm>
#include <map>

#include "base/descriptor.hpp"
#include "image/container/formats.hpp"
#include "image/container/image_lock.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::size_t k_longest_chain = 32;

Result<Container> open_recognized(Segments& segments, std::uint32_t media, base::DamageSink& damage) {
    const auto& first = *segments.files.front();
    if (first.size() == 0) return fail(Errc::corrupt, segments.names.front() + " is empty");
    for (const auto* format : container_formats()) {
        if (!format->claims(first, segments.names.front())) continue;
        if (format == &raw_format())
            if (const auto unread = recognize_unread_container(first); !unread.empty())
                return fail(Errc::unsupported, segments.names.front() + " is " + unread);
        return format->open(segments, media, damage);
    }
    return fail(Errc::internal, "no container format took " + segments.names.front());
}

// It may change while it is read.
void tell_of_holder(const base::FileSource& file, const std::string& path, base::DamageSink& damage) {
    if (const auto holder = holder_of(file, path); !holder.empty())
        damage.damage({Gap::Level::note, "container", "the image is held by another program, as by a virtual machine that runs; it may change while it is read", "",
                       path.substr(path.rfind('/') + 1) + ": " + holder});
}

}  // namespace

const std::vector<const ContainerFormat*>& container_formats() {
    static const std::vector<const ContainerFormat*> formats{&qcow2_format(), &vmdk_format(), &vhd_format(), &ewf_format(), &raw_format()};
    return formats;
}

Result<Container> open_container(const std::string& path, std::uint32_t media, base::DamageSink& damage) {
    TRY_ASSIGN(const auto first, base::FileSource::open(path, media));
    tell_of_holder(*first, path, damage);
    const auto slash = path.rfind('/');
    Segments segments;
    segments.names.push_back(slash == std::string::npos ? path : path.substr(slash + 1));
    segments.files.push_back(first);
    std::map<std::string, std::shared_ptr<const base::ByteSource>> opened{{segments.names.front(), first}};
    segments.open_sibling = [&opened, &damage, path, media](const std::string& base_name) -> Result<std::shared_ptr<const base::ByteSource>> {
        TRY_ASSIGN(auto file, base::FileSource::open_beside(path, base_name, media));
        tell_of_holder(*file, path.substr(0, path.find_last_of('/') + 1) + base_name, damage);
        opened.emplace(base_name, file);
        return std::shared_ptr<const base::ByteSource>(std::move(file));
    };
    TRY_ASSIGN(Container container, open_recognized(segments, media, damage));
    for (const auto& name : container.names) container.files.push_back(opened[name]);
    return container;
}

Result<std::pair<std::string, std::shared_ptr<const base::ByteSource>>> open_named(Segments& child, const std::string& named,
                                                                                   base::DamageSink& damage) {
    if (named.empty() || named.size() > 1023) return fail(Errc::corrupt, child.names.front() + " names a file in a way that makes no sense");
    const auto slash = named.find_last_of("/\\");
    const std::string name = slash == std::string::npos ? named : named.substr(slash + 1);
    if (child.children.size() >= k_longest_chain) return fail(Errc::limit, "the chain of parent images is longer than 32");
    if (name == child.names.front() || std::find(child.children.begin(), child.children.end(), name) != child.children.end())
        return fail(Errc::corrupt, child.names.front() + " names '" + named + "' as its parent, which leads back to itself");
    auto file = child.open_sibling(name);
    if (!file && name != named)
        return fail(Errc::denied, child.names.front() + " names the file '" + named + "' outside of its own folder, which is not followed; put '" +
                                      name + "' beside the image if it belongs to the evidence");
    if (!file) return fail(file.error().code, child.names.front() + " needs '" + named + "': " + file.error().what);
    if (name != named)
        damage.damage({Gap::Level::assumption, "container", "a parent or extent is named in another folder; the file of that name beside the image was taken",
                       "", named});
    return std::pair(name, std::move(*file));
}

Result<std::shared_ptr<const base::ByteSource>> open_parent(Segments& child, const std::string& named, ParentFormat format,
                                                            std::uint32_t media, base::DamageSink& damage,
                                                            std::vector<std::string>& names) {
    TRY_ASSIGN(auto opened, open_named(child, named, damage));
    Segments segments;
    segments.names.push_back(opened.first);
    segments.files.push_back(std::move(opened.second));
    segments.open_sibling = child.open_sibling;
    segments.children = child.children;
    segments.children.push_back(child.names.front());
    if (format == ParentFormat::raw) {
        names.push_back(opened.first);
        return segments.files.front();
    }
    TRY_ASSIGN(Container parent, open_recognized(segments, media, damage));
    names.insert(names.end(), parent.names.begin(), parent.names.end());
    return std::shared_ptr<const base::ByteSource>(std::move(parent.media));
}

}  // namespace deadbox::image
