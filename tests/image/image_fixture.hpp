// Images made by the real tools, in a folder of the test's own.
#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "base/gap.hpp"
#include "image/container.hpp"

namespace deadbox::test {

class RecordingDamage final : public base::DamageSink {
public:
    void damage(const base::Gap& gap) override { gaps.push_back(gap); }
    bool has(base::Gap::Level level, std::string_view part_of_reason) const;
    std::string text() const;  // for messages
    std::vector<base::Gap> gaps;
};

class ImageFixture {
public:
    ImageFixture();
    QString path(const QString& name) const { return m_directory.filePath(name); }
    std::string std_path(const QString& name) const { return path(name).toStdString(); }
    // Runs a program in the folder; false and a message where it fails.
    bool run(const QString& program, const QStringList& arguments, const QByteArray& input = {}) const;
    bool shell(const QString& command) const { return run("sh", {"-ec", command}); }
    // `size` bytes with data, zeros and repeats; the same for the same seed.
    QByteArray make_bytes(qsizetype size, quint32 seed) const;
    void write(const QString& name, const QByteArray& bytes) const;
    QByteArray read(const QString& name) const;
    static bool has_tool(const QString& program);

private:
    QTemporaryDir m_directory;
};

// All bytes of `source`, read in odd pieces; empty and a warning where it fails.
QByteArray all_bytes(const base::ByteSource& source);
// "" when the container gives exactly `disk`, as one extent; else what is wrong.
std::string differs(const ImageFixture& fixture, const QString& name, std::string_view format, const QByteArray& disk, RecordingDamage& damage);
// "" when opening fails with `code` and a message that has `part`.
std::string not_refused(const ImageFixture& fixture, const QString& name, base::Errc code, std::string_view part);
base::Result<image::Container> open_image(const ImageFixture& fixture, const QString& name, RecordingDamage& damage);

}  // namespace deadbox::test
