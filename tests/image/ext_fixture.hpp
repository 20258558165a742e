// ext images made by mke2fs and debugfs, and what our reader says of them.
#pragma once

#include "image/ext/ext_format.hpp"
#include "image_fixture.hpp"

namespace deadbox::test {

// A tree of odd files under "tree" in the fixture's folder: holes, links, names, times, many entries.
bool make_tree(const ImageFixture& fixture);
// mke2fs -d tree with `options` into `name`, then what only debugfs can do (owners, devices, attributes, times).
bool make_ext_image(const ImageFixture& fixture, const QString& name, const QString& size, const QString& options);

struct OpenedExt {
    std::shared_ptr<RecordingDamage> damage = std::make_shared<RecordingDamage>();
    std::unique_ptr<image::FileSystem> filesystem;  // nullptr where it was not opened
};
OpenedExt open_ext(std::shared_ptr<const base::ByteSource> volume, image::JournalUse use = image::JournalUse::replay);
OpenedExt open_ext(const QByteArray& bytes, image::JournalUse use = image::JournalUse::replay);

// The manifest, sorted, for comparing line by line.
QStringList manifest_of(const image::FileSystem& filesystem, bool removed = false);
// Up to five lines that stand in one list only.
QString difference(const QStringList& expected, const QStringList& found);

}  // namespace deadbox::test
